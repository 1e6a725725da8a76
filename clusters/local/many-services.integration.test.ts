import { expect } from 'chai';
import type { Cluster } from '../provider.ts';
import { apply, clusterTimeoutMs, kubectl, runIn, useOwnState } from '../testing/cluster-session.ts';
import { LocalProvider } from './local-provider.ts';
import { networkPlan } from '../network/network-plan.ts';

// Twice as many as one message to the kernel takes.
const services = Array.from({ length: 300 }, (_, index) => `many-${index}`);

/** For Node's -e: prints those of the addresses whose port 80 did not take a connection within 30 s. */
const dialScript = `
  const { connect } = require('net');
  const until = Date.now() + 30_000;
  const dial = (host) => new Promise((resolve) => {
    const socket = connect({ host, port: 80 });
    const end = (result) => { socket.destroy(); resolve(result); };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
  (async () => {
    for (const host of process.argv.slice(1)) {
      while (!(await dial(host))) if (Date.now() > until) { console.log(host); break; }
    }
  })();
`;

/** A Service, and the API server as what it leads to. */
const toApiServer = (name: string): object[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: networkPlan.apiPort }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ port: networkPlan.apiPort, name: '' }],
    endpoints: [{ addresses: [networkPlan.nodeIp], conditions: { ready: true } }],
  },
];

describe('a local cluster with many Services', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  let cluster: Cluster;
  before(async () => {
    state = useOwnState();
    cluster = await new LocalProvider().up({ name: 'many', lifetime: 'attached' });
  });
  after(async () => {
    await cluster.down();
    state.dispose();
  });

  it('serves all of them again when kube-proxy has to write everything at once', async () => {
    await apply(cluster, ...services.flatMap(toApiServer));
    const gone = await runIn(cluster, [
      'sh',
      '-c',
      'PATH=$PATH:/usr/sbin:/sbin exec nft delete table ip kube-proxy',
    ]);
    expect(gone).to.include({ exitCode: 0, stderr: '' });
    await apply(cluster, ...toApiServer('last'));
    const addresses = await kubectl(cluster, 'get', 'services', '-o', 'jsonpath={.items[*].spec.clusterIP}');
    const all = addresses.split(' ').filter((address) => address !== networkPlan.apiServiceIp);
    expect(all).to.have.length(services.length + 1);
    expect(await runIn(cluster, [process.execPath, '-e', dialScript, ...all])).to.include({
      stdout: '',
      exitCode: 0,
    });
  });
});
