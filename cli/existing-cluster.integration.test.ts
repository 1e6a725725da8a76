import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { projectRoot, toolPath } from '../common/tools.ts';

const main = join(projectRoot, 'cli/main.ts');
const roleFile = join(projectRoot, 'harness/existing/cluster-role.yaml');
const suite = ['--suite', 'precedence', '--no-load', '--limits-scale', '4'];

interface Kubeconfig {
  users: [{ user: { token: string } }];
}

/** A local cluster stands for the existing one, and the gateway that was installed on it before for somebody's implementation. */
describe('routeproof conformance --cluster kubeconfig', function () {
  // A control plane has to start, and each run starts a proxy.
  this.timeout(300_000);
  let dir: string;
  /** A kubeconfig of a user who has the rights of cluster-role.yaml and no others. */
  let whole: string;
  let present: string[];
  const env = (): Record<string, string> => ({ ROUTEPROOF_STATE: dir, NO_COLOR: '1' });
  const routeproof = (...args: string[]) =>
    execa(process.execPath, [main, ...args], { env: env(), reject: false, forceKillAfterDelay: false });
  const inside = (...argv: string[]) => routeproof('exec', '--name', 'existing', '--', ...argv);
  const run = (out: string, ...args: string[]) =>
    inside(
      process.execPath,
      main,
      'conformance',
      '--cluster',
      'kubeconfig',
      '--out',
      join(dir, out),
      ...args,
    );

  async function kubectl(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await inside(toolPath('kubectl'), ...args);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Every object there is, but for events, which the API server keeps for an hour whatever they were about. */
  async function objects(): Promise<string[]> {
    const kinds = (await kubectl('api-resources', '--verbs=list', '-o', 'name')).split('\n');
    const listed = kinds.filter((kind) => !/^events(\.|$)/.test(kind));
    const columns = 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';
    const text = await kubectl('get', listed.join(), '--all-namespaces', '--no-headers', '-o', columns);
    return text.split('\n').sort();
  }

  async function userWith(name: string, role: string): Promise<string> {
    await kubectl('create', 'serviceaccount', name);
    await kubectl(
      'create',
      'clusterrolebinding',
      name,
      `--clusterrole=${role}`,
      `--serviceaccount=default:${name}`,
    );
    const token = await kubectl('create', 'token', name);
    const path = join(dir, 'clusters/existing/kubeconfig');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Kubeconfig;
    config.users[0].user = { token };
    const own = join(dir, `${name}.kubeconfig`);
    writeFileSync(own, JSON.stringify(config), { mode: 0o600 });
    return own;
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rp-existing-'));
    const { exitCode, stderr } = await routeproof('up', '--name', 'existing');
    expect(exitCode, stderr).to.equal(0);
    await kubectl('apply', '-f', roleFile);
    whole = await userWith('whole', 'routeproof-harness');
    // A node makes it a few seconds after its start.
    await kubectl('wait', '--for=create', 'lease/local', '--namespace=kube-node-lease', '--timeout=60s');
    present = await objects();
  });
  after(async () => {
    await routeproof('down', '--name', 'existing');
    rmSync(dir, { recursive: true, force: true });
  });

  it('passes with an implementation that it did not install, leaves nothing behind, and does so again', async () => {
    for (const user of [[], ['--kubeconfig', whole]]) {
      const { exitCode, stdout, stderr } = await run('passes', ...suite, ...user);
      expect(exitCode, stderr + stdout).to.equal(0);
      expect(stdout)
        .to.match(/: \d+ pass/)
        .and.not.match(/wrong|setup-failed/);
      expect(stderr).to.not.include('installing');
      expect(await objects()).to.deep.equal(present);
    }
  });

  it('names the verbs that a user lacks, before it makes anything', async () => {
    const { metadata, rules, ...role } = parse(readFileSync(roleFile, 'utf8')) as {
      metadata: object;
      rules: { resources: string[]; verbs: string[] }[];
    };
    const fewer = rules.map(({ resources, verbs, ...rule }) => ({
      ...rule,
      resources,
      verbs: resources.includes('namespaces') ? verbs.filter((verb) => !/create|delete/.test(verb)) : verbs,
    }));
    const file = join(dir, 'fewer.json');
    writeFileSync(file, JSON.stringify({ ...role, metadata: { ...metadata, name: 'fewer' }, rules: fewer }));
    await kubectl('apply', '-f', file);
    const { exitCode, stderr } = await run(
      'rights',
      ...suite,
      '--kubeconfig',
      await userWith('fewer', 'fewer'),
    );
    expect(exitCode).to.equal(3);
    expect(stderr).to.include('user system:serviceaccount:default:fewer: ').and.not.include('applying');
    for (const resource of ['namespaces', 'services', 'secrets', 'configmaps'])
      expect(stderr).to.match(new RegExp(`create, delete on ${resource}\\n`));
    expect(stderr).to.not.include('grpcroutes');
    await kubectl('delete', 'clusterrole/fewer', 'clusterrolebinding/fewer', 'serviceaccount/fewer');
    expect(await objects()).to.deep.equal(present);
  });

  it('takes everything away when it is interrupted, and what a run left that was killed', async () => {
    const interrupted = run('interrupted', ...suite);
    await untilRunning(interrupted);
    interrupted.kill('SIGTERM');
    const result = await interrupted;
    expect(result.exitCode, result.stderr).to.equal(3);
    expect(result.stdout).to.include('interrupted by SIGTERM');
    expect(await objects()).to.deep.equal(present);

    const killed = run('killed', ...suite);
    await untilRunning(killed);
    for (const pid of processesNaming(join(dir, 'killed'))) process.kill(pid, 'SIGKILL');
    await killed;
    expect((await objects()).join('\n')).to.match(/^Namespace +<none> +routeproof-base$/m);
    const { exitCode, stderr } = await run('after', ...suite);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.include('taking away what an earlier run left');
    expect(await objects()).to.deep.equal(present);
  });

  it('leaves a run on another machine alone while that renews its Lease, and takes over when it does not', async () => {
    const lease = ['lease/routeproof-run', '--namespace=routeproof-base'] as const;
    const renewed = () =>
      JSON.stringify({ spec: { renewTime: new Date().toISOString().replace('Z', '000Z') } });
    await kubectl('create', 'namespace', 'routeproof-base');
    await kubectl('label', 'namespace', 'routeproof-base', 'routeproof.dev/run=elsewhere');
    const file = join(dir, 'lease.json');
    const metadata = { name: 'routeproof-run', namespace: 'routeproof-base' };
    const spec = { holderIdentity: 'another-machine/x/1/1' };
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }),
    );
    await kubectl('apply', '-f', file);

    const over = new AbortController();
    const second = run('second', ...suite).finally(() => over.abort());
    while (!over.signal.aborted) await kubectl('patch', ...lease, '--type=merge', '--patch', renewed());
    const { exitCode, stderr } = await second;
    expect(exitCode).to.equal(3);
    expect(stderr).to.include('another run uses this cluster').and.include('another-machine/x/1/1');
    await kubectl('get', ...lease);

    const third = await run('third', ...suite);
    expect(third.exitCode, third.stderr).to.equal(0);
    expect(third.stderr).to.include('taking away what an earlier run left');
    expect(await objects()).to.deep.equal(present);
  });

  it('leaves nothing when its echo servers have no image', async () => {
    const image = ['--echo-image', 'example.com/nobody/has:this', '--limits-scale', '0.1'];
    const { exitCode, stderr } = await run('image', ...suite, ...image);
    expect(exitCode).to.equal(3);
    expect(stderr)
      .to.match(/ImagePullBackOff.*example.com\/nobody\/has:this/)
      .and.include('--echo-image');
    expect(await objects()).to.deep.equal(present);
  });

  it('says which classes there are instead of one that does not exist', async () => {
    const { exitCode, stderr } = await run('class', ...suite, '--gateway-class', 'somebodys');
    expect(exitCode).to.equal(3);
    expect(stderr)
      .to.include('GatewayClass somebodys: the class does not exist')
      .and.include('there are: routeproof');
  });

  it('is bad usage with a context, a file or an option that does not fit', async () => {
    for (const [args, text] of [
      [['--cluster', 'kubeconfig', '--kubeconfig', join(dir, 'none')], 'there is no such kubeconfig'],
      [['--cluster', 'kubeconfig', '--kubeconfig', whole, '--context', 'none'], 'there is no context none'],
      [['--cluster', 'kubeconfig', '--kubeconfig', roleFile], 'an object of kind ClusterRole'],
      [
        ['--cluster', 'kubeconfig', '--fault', 'exact-method-is-prefix'],
        '--fault changes the bundled gateway',
      ],
      [['--context', 'x'], '--context is for --cluster kubeconfig'],
    ] as const) {
      const { exitCode, stderr } = await routeproof('conformance', ...args);
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.include(text);
    }
    // The cluster's own address, from outside of its network.
    const { exitCode, stderr } = await routeproof(
      'conformance',
      '--cluster',
      'kubeconfig',
      '--kubeconfig',
      whole,
    );
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('the API server does not answer').and.include('https://10.244.0.1:6443');
  });

  it('leaves no credentials in its state', () => {
    expect(readdirSync(join(dir, 'borrowed'))).to.deep.equal([]);
  });
});

/** Until scenarios run. */
async function untilRunning({ stderr }: { stderr: Readable }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = '';
    stderr.on('data', (chunk) => {
      text += String(chunk);
      if (/^running \d/m.test(text)) resolve();
    });
    stderr.once('close', () => reject(new Error(`it ended before: ${text}`)));
  });
}

/** Of a run, by its --out: those that wait, and the one that does the work. */
function processesNaming(argument: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false;
    }
  });
  return found.map(Number);
}
