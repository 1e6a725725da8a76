import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Run } from '../../harness/results/run.ts';
import { ExistingCluster, roleFile, suite, untilRunning } from './existing-cluster.fixture.ts';

describe('routeproof conformance --cluster kubeconfig', function () {
  // A control plane has to start, and each run starts a proxy.
  this.timeout(300_000);
  const cluster = new ExistingCluster();

  before(() => cluster.start());
  after(() => cluster.stop());

  it('passes with an implementation that it did not install, leaves nothing behind, and does so again', async () => {
    for (const user of [[], ['--kubeconfig', cluster.whole]]) {
      const { exitCode, stdout, stderr } = await cluster.run('passes', ...suite, ...user);
      expect(exitCode, stderr + stdout).to.equal(0);
      expect(stdout)
        .to.match(/: \d+ pass/)
        .and.not.match(/wrong|setup-failed/);
      expect(stderr).to.not.include('installing');
      expect(await cluster.objects()).to.deep.equal(cluster.present);
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
    const file = join(cluster.dir, 'fewer.json');
    writeFileSync(file, JSON.stringify({ ...role, metadata: { ...metadata, name: 'fewer' }, rules: fewer }));
    await cluster.kubectl('apply', '-f', file);
    const { exitCode, stderr } = await cluster.run(
      'rights',
      ...suite,
      '--kubeconfig',
      await cluster.userWith('fewer', 'fewer'),
    );
    expect(exitCode).to.equal(3);
    expect(stderr).to.include('user system:serviceaccount:default:fewer: ').and.not.include('applying');
    for (const resource of ['namespaces', 'services', 'secrets', 'configmaps'])
      expect(stderr).to.match(new RegExp(`create, delete on ${resource}\\n`));
    expect(stderr).to.not.include('grpcroutes');
    await cluster.kubectl('delete', 'clusterrole/fewer', 'clusterrolebinding/fewer', 'serviceaccount/fewer');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('takes everything away when it is interrupted, and what a run left that was killed', async () => {
    const interrupted = cluster.run('interrupted', ...suite);
    await untilRunning(interrupted);
    interrupted.kill('SIGTERM');
    const result = await interrupted;
    expect(result.exitCode, result.stderr).to.equal(3);
    expect(result.stdout).to.include('interrupted by SIGTERM');
    expect(await cluster.objects()).to.deep.equal(cluster.present);

    const killed = cluster.run('killed', ...suite);
    await untilRunning(killed);
    for (const pid of processesNaming(join(cluster.dir, 'killed'))) process.kill(pid, 'SIGKILL');
    await killed;
    expect((await cluster.objects()).join('\n')).to.match(/^Namespace +<none> +routeproof-base$/m);
    const { exitCode, stderr } = await cluster.run('after', ...suite);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.include('taking away what an earlier run left');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('leaves a run on another machine alone while that renews its Lease, and takes over when it does not', async () => {
    const lease = ['lease/routeproof-run', '--namespace=routeproof-base'] as const;
    const renewed = () =>
      JSON.stringify({ spec: { renewTime: new Date().toISOString().replace('Z', '000Z') } });
    await cluster.kubectl('create', 'namespace', 'routeproof-base');
    await cluster.kubectl('label', 'namespace', 'routeproof-base', 'routeproof.dev/run=elsewhere');
    const file = join(cluster.dir, 'lease.json');
    const metadata = { name: 'routeproof-run', namespace: 'routeproof-base' };
    const spec = { holderIdentity: 'another-machine/x/1/1' };
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }),
    );
    await cluster.kubectl('apply', '-f', file);

    const over = new AbortController();
    const second = cluster.run('second', ...suite).finally(() => over.abort());
    while (!over.signal.aborted)
      await cluster.kubectl('patch', ...lease, '--type=merge', '--patch', renewed());
    const { exitCode, stderr } = await second;
    expect(exitCode).to.equal(3);
    expect(stderr).to.include('another run uses this cluster').and.include('another-machine/x/1/1');
    await cluster.kubectl('get', ...lease);

    const third = await cluster.run('third', ...suite);
    expect(third.exitCode, third.stderr).to.equal(0);
    expect(third.stderr).to.include('taking away what an earlier run left');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('dials the address that --connect-to names, as does the line that repeats a call', async () => {
    const nowhere = ['--connect-to', '*:80=127.0.0.1:1', '--no-rerun', '--limits-scale', '0.2'];
    const { exitCode, stderr } = await cluster.run('connect', '--scenario', 'method/exact', ...nowhere);
    expect(exitCode, stderr).to.equal(1);
    expect(stderr).to.include('WRONG at connect').and.include('ECONNREFUSED 127.0.0.1:1');
    expect(stderr).to.match(/grpcurl .* 127\.0\.0\.1:1 /);
    const run = JSON.parse(readFileSync(join(cluster.dir, 'connect/run.json'), 'utf8')) as Run;
    expect(run.cluster.reachedBy).to.equal('--connect-to *:80=127.0.0.1:1');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('leaves nothing when its echo servers have no image', async () => {
    const image = ['--echo-image', 'example.com/nobody/has:this', '--limits-scale', '0.1'];
    const { exitCode, stderr } = await cluster.run('image', ...suite, ...image);
    expect(exitCode).to.equal(3);
    expect(stderr)
      .to.match(/ImagePullBackOff.*example.com\/nobody\/has:this/)
      .and.include('--echo-image');
    expect(await cluster.objects()).to.deep.equal(cluster.present);
  });

  it('says which classes there are instead of one that does not exist', async () => {
    const { exitCode, stderr } = await cluster.run('class', ...suite, '--gateway-class', 'somebodys');
    expect(exitCode).to.equal(3);
    expect(stderr)
      .to.include('GatewayClass somebodys: the class does not exist')
      .and.include('there are: routeproof');
  });

  it('is bad usage with a context, a file or an option that does not fit', async () => {
    for (const [args, text] of [
      [['--cluster', 'kubeconfig', '--kubeconfig', join(cluster.dir, 'none')], 'there is no such kubeconfig'],
      [
        ['--cluster', 'kubeconfig', '--kubeconfig', cluster.whole, '--context', 'none'],
        'there is no context none',
      ],
      [['--cluster', 'kubeconfig', '--kubeconfig', roleFile], 'an object of kind ClusterRole'],
      [
        ['--cluster', 'kubeconfig', '--fault', 'exact-method-is-prefix'],
        '--fault changes the bundled gateway',
      ],
      [['--context', 'x'], '--context is for --cluster kubeconfig'],
      [['--port-forward'], '--port-forward is for --cluster kubeconfig'],
      [['--cluster', 'kubeconfig', '--connect-to', '10.0.0.1'], 'for example 172.18.0.4=203.0.113.7'],
      [
        ['--cluster', 'kubeconfig', '--in-cluster', '--port-forward'],
        "cannot be used with option '--port-forward'",
      ],
    ] as const) {
      const { exitCode, stderr } = await cluster.routeproof('conformance', ...args);
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.include(text);
    }
    // The cluster's own address, from outside of its network.
    const { exitCode, stderr } = await cluster.routeproof(
      'conformance',
      '--cluster',
      'kubeconfig',
      '--kubeconfig',
      cluster.whole,
    );
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('the API server does not answer').and.include('https://10.244.0.1:6443');
  });

  it('leaves no credentials in its state', () => {
    expect(readdirSync(join(cluster.dir, 'borrowed'))).to.deep.equal([]);
  });
});

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
