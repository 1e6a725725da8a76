import { execa } from 'execa';
import { messageOf } from '../../../common/errors.ts';
import type { ConfigDumpAt } from '../../proxies/pods.ts';
import { processesOfPods } from '../../proxies/proxy-processes.ts';
import type { ScenarioCore } from '../core/core.ts';
import { podsInQuestion, type Pod } from './logs.ts';
import { partsAbout, type Dump } from './parts-about.ts';

/** As in logs.ts: what a person reads, not all that there is. */
const linesPerProxy = 2000;
/** A dump of the shared Gateway takes 0.1 s on an idle machine; on one with 30 times more work than cores 15 s were not enough. */
const limitMs = 60_000;

const envoysPath = '/config_dump?include_eds';

/**
 * What the proxies were told of this scenario: the parts of their configuration that name it, and those that an Envoy refused. Proxies that know nothing of the
 * scenario are left out, and so are those whose processes are not seen from here: all of a cluster that is not this machine's.
 */
export async function configDumps(core: ScenarioCore): Promise<{ source: string; lines: string[] }[]> {
  const { configDump } = core.env;
  if (configDump === undefined) return [];
  const pods = await podsInQuestion(core);
  const proxies = pods.filter(({ spec }) =>
    spec?.containers?.some(({ name }) => name === configDump.container),
  );
  const dumps = await Promise.all(proxies.map((pod) => dumpOf(core, pod, configDump)));
  return dumps.filter(({ lines }) => lines.length > 0);
}

async function dumpOf(
  core: ScenarioCore,
  pod: Pod,
  at: ConfigDumpAt,
): Promise<{ source: string; lines: string[] }> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const source = `config dump of pod ${namespace}/${name}`;
  const [pid] = processesOfPods(pod.status?.podIP === undefined ? [] : [pod.status.podIP]);
  if (pid === undefined) return { source, lines: [] };
  try {
    const parts = partsAbout([core.names.nonce, core.names.own], JSON.parse(await readIn(pid, at)) as Dump);
    const lines = parts === undefined ? [] : JSON.stringify(parts, undefined, 2).split('\n');
    const rest = lines.length - linesPerProxy;
    return {
      source,
      lines: rest > 0 ? [...lines.slice(0, linesPerProxy), `(${String(rest)} more lines)`] : lines,
    };
  } catch (error) {
    return { source, lines: [`(it cannot be read: ${messageOf(error)})`] };
  }
}

/** Envoy's admin interface listens on its pod's localhost, where only a process of that network namespace gets to. */
async function readIn(pid: number, { port, path = envoysPath }: ConfigDumpAt): Promise<string> {
  const url = `http://127.0.0.1:${String(port)}${path}`;
  const read = `process.stdout.write(await (await fetch(${JSON.stringify(url)})).text())`;
  const node = [process.execPath, '--input-type=module', '--eval', read];
  const { stdout } = await execa('nsenter', [`--net=/proc/${String(pid)}/ns/net`, '--', ...node], {
    timeout: limitMs,
    stdin: 'ignore',
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
