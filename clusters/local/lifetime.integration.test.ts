import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { toolPath } from '../../common/tools.ts';
import { apply, clusterTimeoutMs, kubectl, runIn, useOwnState } from '../testing/cluster-session.ts';
import { shellPod } from '../testing/manifests.ts';
import { localStore } from './cluster-state.ts';
import { LocalProvider } from './local-provider.ts';
import { childrenOf, isRunning } from '../host/process-identity.ts';

const startAttached = fileURLToPath(new URL('../testing/start-attached.ts', import.meta.url));

/** Everything of a cluster that can be seen from outside: processes that name its directory, and mounts in it. */
function tracesOf(dir: string): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const naming = processes.filter((pid) => readOr(`/proc/${pid}/cmdline`).includes(dir));
  const mounts = readOr('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.includes(dir));
  return [...naming.map((pid) => readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')), ...mounts];
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The end of a namespace is not an event that one can wait for; mocha's limit is the deadline. */
async function untilGone(dir: string): Promise<void> {
  while (tracesOf(dir).length > 0) await delay(10);
}

describe('the life of a local cluster', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  const provider = new LocalProvider();

  const others: ChildProcess[] = [];
  beforeEach(() => (state = useOwnState()));
  afterEach(() => {
    for (const child of others.splice(0)) child.kill('SIGKILL');
    state.dispose();
  });

  async function startedByAnother(name: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [startAttached, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    others.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).to.equal('up\n');
    return child;
  }

  it('ends with the process that started it, by kill -9, and takes its credentials along', async () => {
    const child = await startedByAnother('attached');
    const dir = join(state.dir, 'clusters', 'attached');
    expect(tracesOf(dir)).to.not.deep.equal([]);
    child.kill('SIGKILL');
    await untilGone(dir);
    while (existsSync(dir)) await delay(10);
  });

  for (const [what, pidOf] of [
    ['unshare', (child: ChildProcess) => childrenOf(child.pid ?? 0)[0]],
    ['its supervisor', () => childrenOf(localStore.read('attached')?.init?.pid ?? 0)[0]],
  ] as const) {
    it(`leaves nothing when ${what} is killed, is listed as broken, and can be started again`, async () => {
      const child = await startedByAnother('attached');
      const pid = pidOf(child);
      if (pid === undefined) throw new Error(`${what} was not found`);
      const init = localStore.read('attached')?.init;
      process.kill(pid, 'SIGKILL');
      await untilGone(`${state.dir}/`);
      // A process that has let its memory go may still wait for the rest of its namespace to end.
      while (init !== undefined && isRunning(init)) await delay(10);
      expect((await provider.list()).map((status) => status.state)).to.deep.equal(['broken']);
      expect(await provider.find('attached')).to.equal(undefined);
      const again = await provider.up({ name: 'attached', lifetime: 'attached' });
      await again.down();
    });
  }

  it('does not meet another cluster, and leaves nothing of its pods after down()', async () => {
    const [one, two] = await Promise.all([
      provider.up({ name: 'one', lifetime: 'attached' }),
      provider.up({ name: 'two', lifetime: 'detached' }),
    ]);
    await apply(one, shellPod('here', 'sleep 1000 & sleep 1000'));
    await kubectl(one, 'wait', 'pod/here', '--for=condition=Ready', '--timeout=60s');
    expect(await kubectl(two, 'get', 'pods', '-o', 'name')).to.equal('');
    const withOthersKubeconfig = await runIn(two, [
      toolPath('kubectl'),
      '--kubeconfig',
      one.kubeconfigPath,
      'get',
      'pods',
    ]);
    expect(withOthersKubeconfig.exitCode).to.equal(1);
    const { file, args, env } = one.command(['sleep', '1000']);
    const entered = spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
    await Promise.all([once(entered, 'exit'), one.down()]);
    await untilGone(join(state.dir, 'clusters', 'one'));
    expect(await kubectl(two, 'get', '--raw', '/readyz')).to.equal('ok');
    await two.down();
    await untilGone(state.dir);
  });

  it('lets a program in it end by itself after a SIGTERM to the whole process group, as `timeout` sends it', async () => {
    const cluster = await provider.up({ name: 'group', lifetime: 'attached' });
    const program = 'trap "echo told; exit 7" TERM; echo ready; while :; do sleep 0.1; done';
    const { file, args, env } = cluster.command(['sh', '-c', program]);
    const entered = spawn(file, args, { env: { ...process.env, ...env }, detached: true });
    let said = '';
    entered.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said === 'ready\n') process.kill(-(entered.pid ?? NaN), 'SIGTERM');
    });
    const [code] = (await once(entered, 'close')) as [number | null];
    expect(code).to.equal(7);
    expect(said).to.equal('ready\ntold\n');
    const killed = await runIn(cluster, ['sh', '-c', 'kill -TERM $$']);
    expect(killed.exitCode, 'of a program that the signal ends').to.equal(143);
    await cluster.down();
  });

  it('goes on after its API server was killed, which comes again', async () => {
    const cluster = await provider.up({ name: 'again', lifetime: 'attached' });
    expect((await runIn(cluster, ['pkill', '--signal', 'KILL', 'kube-apiserver'])).exitCode).to.equal(0);
    const ready = [toolPath('kubectl'), 'get', '--raw', '/readyz'] as const;
    // Nobody tells when it is there again; mocha's limit is the deadline.
    while ((await runIn(cluster, [...ready])).exitCode !== 0) await delay(50);
    await apply(cluster, shellPod('after', 'sleep 1000'));
    await kubectl(cluster, 'wait', 'pod/after', '--for=condition=Ready', '--timeout=60s');
    expect(await provider.list()).to.have.length(1);
    await cluster.down();
    await untilGone(state.dir);
  });

  it('keeps everything secret for its owner', async () => {
    const cluster = await provider.up({ name: 'secret', lifetime: 'attached' });
    const init = localStore.read('secret')?.init;
    expect(init === undefined ? false : isRunning(init)).to.equal(true);
    const dir = join(state.dir, 'clusters', 'secret');
    expect(statSync(dir).mode & 0o777).to.equal(0o700);
    const script = `find ${dir} -type f -perm /077 ! -path '*/base/*' ! -path '*/containers/*' ! -path '*/etcd/*'`;
    expect((await runIn(cluster, ['sh', '-c', script])).stdout).to.equal('');
    await cluster.down();
    expect(existsSync(dir)).to.equal(false);
  });

  describe('that cannot start', () => {
    const before = process.env['ROUTEPROOF_TOOLS'];
    let tools: string;
    beforeEach(() => {
      tools = join(state.dir, 'tools');
      mkdirSync(tools);
      for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy'] as const) {
        symlinkSync(toolPath(name), join(tools, name));
      }
    });
    afterEach(() => {
      if (before === undefined) Reflect.deleteProperty(process.env, 'ROUTEPROOF_TOOLS');
      else process.env['ROUTEPROOF_TOOLS'] = before;
    });

    async function failureWith(name: string, script: string): Promise<RouteproofError> {
      const fake = join(tools, `${name}.new`);
      writeFileSync(fake, `#!/bin/sh\n${script}\n`);
      chmodSync(fake, 0o755);
      const original = join(tools, name);
      renameSync(fake, original);
      process.env['ROUTEPROOF_TOOLS'] = tools;
      const failure: unknown = await provider
        .up({ name: 'broken', lifetime: 'detached' })
        .catch((error: unknown) => error);
      if (failure instanceof RouteproofError) return failure;
      throw new Error(`not a RouteproofError: ${String(failure)}`);
    }

    it('says what the component said, keeps the logs, and leaves nothing else', async () => {
      const failure = await failureWith(
        'kube-apiserver',
        'echo first; echo "flag --x is not known" >&2; exit 5',
      );
      expect(failure.code).to.equal('CLUSTER_START_FAILED');
      expect(failure.message).to.contain('kube-apiserver ended while starting (exit code 5)');
      expect(failure.message).to.contain('flag --x is not known');
      const [, logs = ''] = /read the logs in (\S+)/.exec(failure.message) ?? [];
      expect(readFileSync(join(logs, 'kube-apiserver.log'), 'utf8')).to.contain('first');
      await untilGone(join(state.dir, 'clusters'));
      expect(await provider.list()).to.deep.equal([]);
    });

    it('tells a full disk from other trouble', async () => {
      const failure = await failureWith('etcd', 'echo "write wal: no space left on device"; exit 1');
      expect(failure.code).to.equal('DISK_FULL');
    });

    it('names the image mapping that is wrong', async () => {
      const file = join(state.dir, 'mine.yaml');
      writeFileSync(file, 'images: {x: {cmd: [a]}}');
      process.env['ROUTEPROOF_IMAGES'] = file;
      const failure: unknown = await provider
        .up({ name: 'x', lifetime: 'detached' })
        .catch((error: unknown) => error);
      expect((failure as RouteproofError).code).to.equal('INVALID_INPUT');
      expect((failure as RouteproofError).message)
        .to.contain(file)
        .and.contain('unknown key');
    });
  });
});
