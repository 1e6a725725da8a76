import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { FakeApi } from '../kube/fake-api.fixture.ts';
import { KubeClient } from '../kube/client.ts';
import { Watches } from '../kube/watches.ts';
import { accepted, FakeCluster, route } from '../scenario/fake-cluster.fixture.ts';
import { connectedTo, parseConnectTo } from './connect-to.ts';
import type { PodPort, ServiceObject, SliceObject } from './pod-ports.ts';
import { PortForwards } from './port-forwards.ts';

describe('a Gateway at an address that cannot be dialled', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    cluster.routeStatus = accepted;
    cluster.api.setStatus('/apis/gateway.networking.k8s.io/v1/namespaces/routeproof-base/gateways/shared', {
      // TEST-NET-1: nobody is there.
      addresses: [{ value: '192.0.2.1' }],
    });
    const rules = [parseConnectTo(`*:80=127.0.0.1:${String(cluster.gateway.port)}`)];
    cluster.env.reach = {
      to: (place, of) => Promise.resolve(connectedTo(rules, place, of) ?? place),
      byHand: (place, of) => Promise.resolve({ place: connectedTo(rules, place, of) ?? place }),
      close: () => undefined,
    };
  });
  afterEach(() => cluster.stop());

  it('is judged by another one, with the authority and the evidence of its own', async () => {
    const result = await cluster.run(async (t) => {
      await t.applyObjects(route);
      await t.callMust({ port: 80 }, { backend: 'v1' });
      const raw = await t.raw({ path: '/routeproof.v1.Probe/Unary', port: 80 });
      if (raw.reached === 'programmed') throw new Error(raw.error);
    });
    expect(result.verdict, result.seen).to.equal('pass');
    const [call] = result.evidence.calls;
    expect(call).to.include({ target: '192.0.2.1:80', authority: '192.0.2.1:80' });
    expect(call?.backend?.authority).to.equal('192.0.2.1:80');
  });

  it('is named by the other one in the line that repeats a failed call, with its own authority', async () => {
    cluster.gateway.answer = () => ({ pod: 'pod-2' });
    const { repro } = await cluster.run(async (t) => {
      await t.callMust({ port: 80 }, { backend: 'v1' });
    });
    const line = repro?.commands.at(-1) ?? '';
    expect(line)
      .to.contain(` 127.0.0.1:${String(cluster.gateway.port)} `)
      .and.contain('-authority 192.0.2.1:80');
  });
});

describe('forwarding ports of this machine', () => {
  let api: FakeApi;
  let kube: KubeClient;
  let watches: Watches;
  let forwards: PortForwards;
  let made: PodPort[];
  const failures: string[] = [];
  const service: ServiceObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'gw', namespace: 'shop', uid: 's' },
    spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
  };
  let forward: (to: PodPort, socket: Socket) => Promise<void>;

  beforeEach(async () => {
    api = new FakeApi();
    kube = new KubeClient({ server: await api.start(), options: {} });
    watches = new Watches(kube);
    made = [];
    failures.length = 0;
    forward = (to, socket) => {
      made.push(to);
      socket.on('data', (data) => socket.end(`${to.pod}:${String(to.port)} ${data.toString()}`));
      return Promise.resolve();
    };
    forwards = new PortForwards(
      watches,
      (to, socket) => forward(to, socket),
      (what) => failures.push(what),
    );
    api.objects.set('/api/v1/namespaces/shop/services/gw', service);
    const slice: SliceObject = {
      kind: 'EndpointSlice',
      metadata: {
        name: 'gw-1',
        namespace: 'shop',
        uid: 'e',
        labels: { 'kubernetes.io/service-name': 'gw' },
      },
      ports: [{ port: 10080 }],
      endpoints: ['a', 'b'].map((name) => ({ targetRef: { kind: 'Pod', name } })),
    };
    api.objects.set('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/gw-1', slice);
  });
  afterEach(async () => {
    forwards.close();
    watches.stop();
    kube.close();
    await api.stop();
  });

  async function ask({ address, port }: { address: string; port: number }, text: string): Promise<string> {
    const socket = createConnection({ host: address, port });
    socket.write(text);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    await once(socket, 'close');
    return answer;
  }

  it('takes one pod after the other, and hands on what came before the pod was found', async () => {
    const place = await forwards.to({ address: '10.96.0.9', port: 80 });
    expect(place.address).to.equal('127.0.0.1');
    const answers = [await ask(place, 'x'), await ask(place, 'y'), await ask(place, 'z')];
    expect(answers.map((answer) => answer.slice(-1))).to.deep.equal(['x', 'y', 'z']);
    expect(answers.map((answer) => answer.slice(0, -2))).to.deep.equal(['a:10080', 'b:10080', 'a:10080']);
    expect(made[0]).to.deep.equal({ namespace: 'shop', pod: 'a', port: 10080 });
    expect(await forwards.to({ address: '10.96.0.9', port: 80 }), 'one port for an address').to.deep.equal(
      place,
    );
  });

  it('refuses what nobody serves, as the cluster would', async () => {
    const place = await forwards.to({ address: '10.96.0.9', port: 81 });
    const socket = createConnection({ host: place.address, port: place.port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });

  it('takes connections as soon as the port is served, on the port that it named before', async () => {
    const place = await forwards.to({ address: '10.96.0.9', port: 81 });
    const spec = { clusterIP: '10.96.0.9', ports: [{ port: 80 }, { port: 81 }] };
    await kube.apply<ServiceObject>({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'gw', namespace: 'shop' },
      spec,
    });
    let answer = await ask(place, 'x').catch(() => undefined);
    while (answer === undefined) answer = await ask(place, 'x').catch(() => undefined);
    expect(answer).to.match(/:10080 x$/);
  });

  it('ends a connection whose pod cannot be reached, and says why', async () => {
    forward = () => Promise.reject(new Error('Unexpected server response: 403'));
    const place = await forwards.to({ address: '10.96.0.9', port: 80 });
    expect(await ask(place, 'x')).to.equal('');
    expect(failures).to.deep.equal(['port-forward to 10.96.0.9:80: Unexpected server response: 403']);
  });

  it('tells how kubectl does the same, to the Service or pod that has the address', async () => {
    const pod = { kind: 'Pod', metadata: { name: 'a', namespace: 'shop', uid: 'a' } };
    const status = { phase: 'Running', podIP: '10.244.0.7' };
    api.objects.set('/api/v1/namespaces/shop/pods/a', { ...pod, apiVersion: 'v1', status });
    const place = { address: '127.0.0.1', port: 18_080 };
    const command = ['kubectl', 'port-forward', '--namespace', 'shop'];
    expect(await forwards.byHand({ address: '10.96.0.9', port: 80 })).to.deep.equal({
      place,
      meanwhile: [...command, 'service/gw', '18080:80'],
    });
    expect(await forwards.byHand({ address: '10.244.0.7', port: 9000 })).to.deep.equal({
      place,
      meanwhile: [...command, 'pod/a', '18080:9000'],
    });
    expect(await forwards.byHand({ address: '10.96.0.10', port: 80 })).to.equal(undefined);
  });

  it('takes no connection any more once it is closed', async () => {
    const place = await forwards.to({ address: '10.96.0.9', port: 80 });
    forwards.close();
    const socket = createConnection({ host: place.address, port: place.port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });
});
