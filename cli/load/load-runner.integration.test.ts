import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot, toolPath } from '../../common/tools.ts';
import { readHistogram } from '../../harness/load/histogram.ts';
import { readRun } from '../../reports/index.ts';

const name = ['--name', 'pods'];

// Real k6 in pods of the local cluster. The rate is low and no latency is asserted: it must hold on a busy machine.
describe('routeproof load in pods', function () {
  // A control plane, proxies, and 20 s of blocks.
  this.timeout(300_000);
  let dir: string;
  const start = (args: readonly string[], detached: boolean) =>
    execa(process.execPath, [join(projectRoot, 'cli/main.ts'), ...args], {
      env: { ROUTEPROOF_STATE: dir, NO_COLOR: '1' },
      reject: false,
      forceKillAfterDelay: false,
      detached,
    });
  const routeproof = (...args: string[]) => start(args, false);
  const loadArguments = ['load', ...name, '--quick', '--rate', '20', '--limits-scale', '2'];
  const load = (...args: string[]) => routeproof(...loadArguments, ...args);

  async function kubectl(...args: string[]): Promise<string> {
    const inside = ['exec', ...name, '--', toolPath('kubectl'), ...args];
    const { exitCode, stdout, stderr } = await routeproof(...inside);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  }

  /** What runs make may take a moment to go, but is on its way. */
  async function nothingMustBeLeft(): Promise<void> {
    await kubectl('wait', '--for=delete', 'jobs', '--all', '--all-namespaces', '--timeout=60s');
    expect(await kubectl('get', 'jobs', '--all-namespaces', '--output=name')).to.equal('');
    const live = '{range .items[?(@.status.phase=="Active")]}{.metadata.name}{"\\n"}{end}';
    const namespaces = await kubectl('get', 'namespaces', '--output', `jsonpath=${live}`);
    expect(namespaces.split('\n').filter((each) => each.startsWith('rp-'))).to.deep.equal([]);
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rp-pods-'));
    const { exitCode, stderr } = await routeproof('up', ...name);
    expect(exitCode, stderr).to.equal(0);
  });
  after(async () => {
    await routeproof('down', ...name);
    rmSync(dir, { recursive: true, force: true });
  });

  it('divides the calls between two pods of a Job, and has their results in one run.json', async () => {
    const out = join(dir, 'job');
    const { exitCode, stderr } = await load('--runner', 'job', '--parallelism', '2', '--out', out);
    if (!stderr.includes('report: ')) throw new Error(stderr);
    const [result] = (await readRun(join(out, 'run.json'))).load;
    expect(result?.runner, stderr).to.deep.equal({
      kind: 'job',
      parallelism: 2,
      image: 'docker.io/grafana/k6:1.8.1',
    });
    // On a machine that is busy figures may be marked, but not lost.
    expect(exitCode, stderr).to.equal(result?.invalid.length === 0 ? 0 : 3);
    expect(result?.variants.map((variant) => variant.name)).to.deep.equal(['direct', 'floor', 'gateway']);
    for (const { requests, droppedIterations, errors, histogram = '', blocks } of result?.variants ?? []) {
      expect([blocks.length, errors]).to.deep.equal([6, 0]);
      // 6 blocks of 1 s at 20 a second, shared: were each pod to make all calls it would be twice as many. k6 may begin one more a pod and block,
      // and on a starved machine end a block a few early.
      expect(requests + droppedIterations).to.be.within(60, 132);
      expect(readHistogram(histogram).count).to.equal(requests);
    }
    await nothingMustBeLeft();
  });

  it('says what keeps pods from starting, and takes them away', async () => {
    const { exitCode, stderr } = await load('--runner', 'job', '--k6-image', 'docker.io/grafana/k6:none');
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('not every pod of the load generator came to its start');
    expect(stderr).to.include('docker.io/grafana/k6:none');
    await nothingMustBeLeft();
  });

  it('takes pods away when it is interrupted while they call', async () => {
    const args = [...loadArguments, '--runner', 'job', '--out', join(dir, 'interrupted')];
    const running = start(args, true);
    for await (const line of createInterface({ input: running.stderr }))
      if (line.includes('begin together')) break;
    // As a terminal sends Ctrl-C: to all processes of the group.
    process.kill(-(running.pid ?? NaN), 'SIGINT');
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode, stderr).to.equal(3);
    expect(stdout, stderr).to.include('aborted: interrupted by SIGINT');
    await nothingMustBeLeft();
  });

  it('names what is missing where the cluster has no k6-operator', async () => {
    const { exitCode, stderr } = await load('--runner', 'k6-operator');
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('testruns.k6.io').and.include('helm install k6-operator');
    await nothingMustBeLeft();
  });
});
