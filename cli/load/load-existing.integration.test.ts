import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { projectRoot } from '../../common/tools.ts';
import { podLoadRules } from '../../harness/existing/rights.ts';
import { readRun } from '../../reports/index.ts';
import { ExistingCluster } from '../cluster/existing-cluster.fixture.ts';

describe('routeproof load on an existing cluster', function () {
  // A control plane, proxies, and 20 s of blocks.
  this.timeout(300_000);
  const cluster = new ExistingCluster();

  before(() => cluster.start());
  after(() => cluster.stop());

  /** As a user with the rights of a run, and those that were granted since. */
  const load = (...args: string[]) =>
    cluster.inside(
      ...[process.execPath, join(projectRoot, 'cli/main.ts'), 'load', '--quick', '--rate', '20'],
      ...['--cluster', 'kubeconfig', '--kubeconfig', cluster.whole, '--limits-scale', '2', ...args],
    );

  it('names the rights that its pods take, before it makes anything', async () => {
    const { exitCode, stderr } = await load('--runner', 'job');
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('create, delete on jobs.batch').and.include('rolebindings');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('calls from pods with these rights, and leaves nothing behind', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'load-in-pods' },
      rules: podLoadRules.job,
    };
    const file = join(cluster.dir, 'role.yaml');
    writeFileSync(file, stringify(role));
    await cluster.kubectl('apply', '-f', file);
    const grant = ['--clusterrole=load-in-pods', '--serviceaccount=default:whole'];
    await cluster.kubectl('create', 'clusterrolebinding', 'load-in-pods', ...grant);
    const before = await cluster.objects();
    const out = join(cluster.dir, 'load');
    const { exitCode, stderr } = await load('--runner', 'job', '--out', out);
    if (!stderr.includes('report: ')) throw new Error(stderr);
    const [result] = (await readRun(join(out, 'run.json'))).load;
    // On a machine that is busy figures may be marked, but not lost.
    expect(exitCode, stderr).to.equal(result?.invalid.length === 0 ? 0 : 3);
    expect(result?.variants.map(({ name, errors }) => [name, errors])).to.deep.equal([
      ['direct', 0],
      ['floor', 0],
      ['gateway', 0],
    ]);
    expect(await cluster.objects()).to.deep.equal(before);
  });
});
