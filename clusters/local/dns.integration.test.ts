import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { hasTool, projectRoot } from '../../common/tools.ts';
import type { Cluster } from '../provider.ts';
import { apply, clusterTimeoutMs, kubectl, until, useOwnState } from '../testing/cluster-session.ts';
import { shellPod } from '../testing/manifests.ts';
import { LocalProvider } from './local-provider.ts';

/** CoreDNS may have to be compiled, on a machine that does other things too. */
const compileTimeoutMs = 20 * 60_000;

/** For Node's -e: prints the addresses of each name that is an argument, as the system's resolver finds them. */
const lookupScript = `
  const { lookup } = require('dns').promises;
  (async () => {
    for (const name of process.argv.slice(1)) {
      const found = await lookup(name, { all: true }).then(
        (all) => all.map(({ address }) => address).sort().join(' '), (error) => error.code);
      console.log(name + ' = ' + found);
    }
  })();
`;

describe('a local cluster with DNS', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  let cluster: Cluster;

  before(async function () {
    this.timeout(compileTimeoutMs);
    if (!hasTool('coredns')) await execa(join(projectRoot, 'tools/setup.sh'), ['tools', 'coredns']);
    state = useOwnState();
    cluster = await new LocalProvider().up({ name: 'dns', lifetime: 'attached', dns: true });
  });
  after(async () => {
    await cluster.down();
    state.dispose();
  });

  async function logOf(pod: string): Promise<string[]> {
    await until(cluster, `pod/${pod}`, '{.status.phase}', 'Succeeded');
    return (await kubectl(cluster, 'logs', pod)).trimEnd().split('\n');
  }
  const field = (object: string, path: string) => kubectl(cluster, 'get', object, '-o', `jsonpath=${path}`);
  const service = (name: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: 'target' }, ports: [{ port: 80 }], ...spec },
  });
  const lookup = (name: string, ...names: string[]) =>
    shellPod(name, '', {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'c', image: 'test.local/node:v1', args: ['-e', lookupScript, ...names] }],
      },
    });

  it('says which name server it runs, with no more rights than it needs', async () => {
    expect(cluster.versions['coredns']).to.match(/^v\d+\.\d+\.\d+$/);
    const may = async (...what: string[]) =>
      kubectl(cluster, 'auth', 'can-i', ...what, '-A', '--as=system:serviceaccount:kube-system:coredns').then(
        (said) => said.trim(),
        () => 'no',
      );
    expect(await may('watch', 'services')).to.equal('yes');
    expect(await may('list', 'pods')).to.equal('no');
    expect(await may('list', 'secrets')).to.equal('no');
  });

  it('lets a pod find a Service by its short and its full name, and the pods of a headless one', async () => {
    await apply(
      cluster,
      service('web', {}),
      service('each', { clusterIP: 'None' }),
      shellPod('target', 'while :; do sleep 1000 & wait $!; done'),
    );
    await kubectl(cluster, 'wait', 'pod/target', '--for=condition=Ready', '--timeout=60s');
    const slices = ['endpointslices', '--selector=kubernetes.io/service-name=each'];
    await kubectl(cluster, 'wait', ...slices, '--for=jsonpath={.endpoints[0].conditions.ready}=true');
    const names = [
      'web',
      'web.default.svc.cluster.local',
      'each',
      'kubernetes.default',
      'no-such',
      'localhost',
    ];
    await apply(cluster, lookup('asks', ...names));
    const [clusterIp, podIp] = [
      await field('service/web', '{.spec.clusterIP}'),
      await field('pod/target', '{.status.podIP}'),
    ];
    const said = await logOf('asks');
    expect(said.slice(0, 5)).to.deep.equal([
      `web = ${clusterIp}`,
      `web.default.svc.cluster.local = ${clusterIp}`,
      `each = ${podIp}`,
      'kubernetes.default = 10.96.0.1',
      'no-such = ENOTFOUND',
    ]);
    expect(said[5]).to.match(/^localhost = .*127\.0\.0\.1/);
  });

  it('writes what the policy of a pod asks for', async () => {
    const once = { restartPolicy: 'Never' };
    const dnsConfig = {
      nameservers: ['192.0.2.1'],
      searches: ['x.example'],
      options: [{ name: 'ndots', value: '1' }],
    };
    await apply(
      cluster,
      shellPod('first', 'cat /etc/resolv.conf', { spec: once }),
      shellPod('none', 'cat /etc/resolv.conf', { spec: { ...once, dnsPolicy: 'None', dnsConfig } }),
    );
    expect(await logOf('first')).to.deep.equal([
      'search default.svc.cluster.local svc.cluster.local cluster.local',
      'nameserver 10.96.0.10',
      'options ndots:5',
    ]);
    expect(await logOf('none')).to.deep.equal([
      'search x.example',
      'nameserver 192.0.2.1',
      'options ndots:1',
    ]);
  });

  it('gives each pod shared memory of its own, for its containers', async () => {
    const write = { name: 'w', image: 'test.local/shell:v1', args: ['echo mine > /dev/shm/file'] };
    const read = {
      name: 'c',
      image: 'test.local/shell:v1',
      args: ['cat /dev/shm/file 2>/dev/null || echo none'],
    };
    const spec = { restartPolicy: 'Never', containers: [read] };
    await apply(cluster, shellPod('writes', '', { spec: { ...spec, initContainers: [write] } }));
    expect(await logOf('writes')).to.deep.equal(['mine']);
    await apply(cluster, shellPod('reads', '', { spec }));
    expect(await logOf('reads')).to.deep.equal(['none']);
  });
});
