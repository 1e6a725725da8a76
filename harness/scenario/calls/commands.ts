import { execa } from 'execa';
import { parseAllDocuments, stringify } from 'yaml';
import { toolPath } from '../../../common/tools.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { dialled } from '../../reach/reach.ts';
import { dialName } from '../../rpc/target.ts';
import { defaultGateway } from './call-target.ts';
import type { ScenarioCore } from '../core/core.ts';
import { ensureNamespace } from '../core/namespaces.ts';
import { fitted, overTls } from '../objects/profile-fit.ts';
import { namespaceOf, rewrite } from '../../manifests/rewrite.ts';
import { gatewayAddress } from '../objects/status.ts';

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Go collects no garbage below the limit: a command that lives for 50 ms spends a third of its CPU on that (kubectl get: 82 to 46 ms). */
const shortLived = { GOGC: 'off', GOMEMLIMIT: '256MiB' };
/** A command that hangs must not outlive the scenario's own limits. */
const commandTimeoutMs = 60_000;

export async function grpcurl(core: ScenarioCore, args: string[]): Promise<CommandResult> {
  const address = await gatewayAddress(core, defaultGateway(core));
  const addressed = withAddress(
    args.map((arg) => core.names.hostsIn(arg)),
    address,
  );
  const real = (await dialledArgs(core, addressed, address)).map((arg) =>
    overTls(core) ? arg.replace(/^--?plaintext$/, '-insecure') : arg,
  );
  return run(core, 'grpcurl', real, { cwd: core.env.protos.dir });
}

/** `GATEWAY:80` becomes the address; without it the address goes before `list`, `describe` or the symbol at the end. */
export function withAddress(args: string[], address: string): string[] {
  const placeholder = /^\$?\{?GATEWAY(?:_ADDRESS)?\}?:(\d+)$/;
  if (args.some((arg) => placeholder.test(arg))) {
    return args.map((arg) => {
      const port = placeholder.exec(arg)?.[1];
      return port === undefined ? arg : dialName({ address, port: Number(port) });
    });
  }
  const isVerb = (arg: string | undefined): boolean => arg === 'list' || arg === 'describe';
  const tail = isVerb(args.at(-1)) ? 1 : isVerb(args.at(-2)) ? 2 : 1;
  const at = args.length - tail;
  const port = args.includes('-plaintext') || args.includes('--plaintext') ? 80 : 443;
  return [...args.slice(0, at), dialName({ address, port }), ...args.slice(at)];
}

/** The same call, to where the address is dialled from here. */
async function dialledArgs(core: ScenarioCore, args: string[], address: string): Promise<string[]> {
  const at = args.findIndex(
    (arg) => /:\d+$/.test(arg) && arg.startsWith(dialName({ address, port: 0 }).slice(0, -1)),
  );
  if (at < 0) return args;
  const place = { address, port: Number(args[at]?.split(':').at(-1)) };
  const { dial } = await dialled(core.env.reach, place, 'gateway');
  if (dial === undefined) return args;
  const authority = args.some((arg) => /^--?authority/.test(arg)) ? [] : ['-authority', dialName(place)];
  return [...authority, ...args.with(at, dialName(dial))];
}

export async function kubectl(core: ScenarioCore, args: string[], stdin?: string): Promise<CommandResult> {
  const real = args.map((arg, index) => {
    const option = args[index - 1];
    if (option === '-n' || option === '--namespace') return core.names.namespace(arg);
    return core.names.hostsIn(
      arg.replace(/^--namespace=(.*)$/, (_, name: string) => `--namespace=${core.names.namespace(name)}`),
    );
  });
  const hasNamespace = args.some((arg) => /^(-n|--namespace|--namespace=.*|-A|--all-namespaces)$/.test(arg));
  const scope = hasNamespace ? [] : ['--namespace', core.names.own];
  await ensureNamespace(core, core.names.own);
  core.untidy = true;
  const input = stdin === undefined ? {} : { input: await rewriteText(core, stdin) };
  return run(core, 'kubectl', [...scope, ...real], input);
}

async function rewriteText(core: ScenarioCore, text: string): Promise<string> {
  const written = [...parseAllDocuments(text)]
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
  const objects = await Promise.all(written.map((object) => fitted(core, rewrite(object, core.names))));
  for (const object of objects) {
    const namespace = namespaceOf(object);
    if (namespace !== undefined) await ensureNamespace(core, namespace);
    core.applied.set(`${object.kind ?? ''} ${namespace ?? ''}/${object.metadata?.name ?? ''}`, object);
  }
  return objects.map((object) => stringify(object)).join('---\n');
}

async function run(
  core: ScenarioCore,
  tool: 'kubectl' | 'grpcurl',
  args: string[],
  options: { cwd?: string; input?: string },
): Promise<CommandResult> {
  const kubeconfig = core.env.kubeconfigPath === undefined ? {} : { KUBECONFIG: core.env.kubeconfigPath };
  const result = await execa(toolPath(tool), args, {
    ...options,
    env: { ...shortLived, ...kubeconfig },
    reject: false,
    timeout: commandTimeoutMs,
    cancelSignal: core.signal,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
  });
  core.signal.throwIfAborted();
  const exitCode = result.exitCode ?? -1;
  core.timeline.add({
    kind: 'step',
    text: `${tool} ${args.join(' ')}: exit code ${String(exitCode)}`,
    ok: exitCode === 0,
  });
  return { exitCode, stdout: result.stdout, stderr: result.stderr };
}
