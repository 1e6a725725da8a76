import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readRun } from '../../reports/index.ts';
import { ExistingCluster, suite, untilRunning } from '../cluster/existing-cluster.fixture.ts';

describe('routeproof conformance --cluster kubeconfig --in-cluster', function () {
  // A control plane has to start, and each run starts a proxy.
  this.timeout(300_000);
  const cluster = new ExistingCluster();

  before(() => cluster.start());
  after(() => cluster.stop());

  it('runs in a pod, brings the results back and leaves nothing behind', async () => {
    const { exitCode, stdout, stderr } = await cluster.run('passes', '--in-cluster', '--json', ...suite);
    expect(exitCode, stderr).to.equal(0);
    const run = await readRun(join(cluster.dir, 'passes/run.json'));
    expect(run.totals.pass)
      .to.be.greaterThan(0)
      .and.equal(run.totals.scenarios - run.totals['not-run']);
    expect(JSON.parse(stdout)).to.deep.equal(run.totals);
    // The kubeconfig's name for the cluster, and the pod's way to its API server.
    expect(run.cluster.name).to.equal('existing');
    expect(stderr).to.match(/context in-cluster: https:\/\/10\.96\.0\.1:443/);
    expect(stderr).to.not.include('routeproof-result');
    expect(existsSync(join(cluster.dir, 'passes/report.html'))).to.equal(true);
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('ends the run in the pod when it is interrupted, which takes everything away and says what it has', async () => {
    const interrupted = cluster.run('interrupted', '--in-cluster', ...suite);
    await untilRunning(interrupted);
    interrupted.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await interrupted;
    expect(exitCode, stderr).to.equal(3);
    expect(stdout, stderr).to.include('interrupted by SIGTERM');
    expect((await readRun(join(cluster.dir, 'interrupted/run.json'))).aborted).to.include('SIGTERM');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('says what keeps the pod from starting, and takes it away', async () => {
    const image = ['--runner-image', 'example.com/nobody/has:this', '--in-cluster'];
    const { exitCode, stderr } = await cluster.run('image', ...image, ...suite);
    expect(exitCode, stderr).to.equal(3);
    expect(stderr)
      .to.match(/(ErrImagePull|ImagePullBackOff).*example.com\/nobody\/has:this/)
      .and.include('--runner-image');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('needs a user who may give the run its rights', async () => {
    const { exitCode, stderr } = await cluster.run(
      'rights',
      '--in-cluster',
      ...suite,
      '--kubeconfig',
      cluster.whole,
    );
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/ClusterRole routeproof-runner-.*may not start a run in the cluster/);
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('is bad usage with a cluster that is started for the run, and without --in-cluster', async () => {
    for (const [args, text] of [
      [['--in-cluster'], '--in-cluster is for --cluster kubeconfig'],
      [['--cluster', 'kubeconfig', '--runner-image', 'x'], '--runner-image is for --in-cluster'],
    ] as const) {
      const { exitCode, stderr } = await cluster.routeproof('conformance', ...args);
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.include(text);
    }
  });
});
