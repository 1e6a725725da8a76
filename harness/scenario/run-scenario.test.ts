import { status } from '@grpc/grpc-js';
import { resultLine } from '../results/progress-line.ts';
import type { Call } from '../rpc/call.ts';
import { expect } from './core/assertion-count.ts';
import { insideOf } from '../env/by-hand.ts';
import { accepted, FakeCluster, route } from './fake-cluster.fixture.ts';
import type { ScenarioBody } from '../specs/registry.ts';

describe('running a scenario against a fake gateway', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  const serves: ScenarioBody = async (t) => {
    await t.applyObjects(route);
    await t.routeMustBeAccepted('shop');
    await t.callMust(cluster.call, { backend: 'v1' });
  };

  it('passes when the right backend answers, and keeps both ends of the call', async () => {
    const result = await cluster.run(serves);
    expect(result.verdict, result.seen).to.equal('pass');
    const [call] = result.evidence.calls;
    expect(call?.backend).to.include({ name: 'v1', pod: 'pod-1', method: 'routeproof.v1.Probe/Unary' });
    expect(call?.authority).to.match(/^shop\.[a-z0-9]{6}\.example\.com$/);
    expect(call?.backend?.authority).to.equal(call?.authority);
    expect(result.timeline.map(({ kind }) => kind)).to.include.members(['apply', 'status', 'check', 'probe']);
  });

  it('is wrong at layer routed when another backend answers', async () => {
    cluster.gateway.answer = () => ({ pod: 'pod-2' });
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(result.expected).to.contain('OK (0) from v1');
    expect(result.seen).to.match(/^OK \(0\) from v2 \(\d+ calls\)$/);
    expect(result.repro?.manifest).to.contain('kind: GRPCRoute');
    expect(result.repro?.commands.at(-1)).to.match(
      /grpcurl -plaintext -authority shop\.[a-z0-9]{6}\.example\.com/,
    );
    expect(result.evidence.objects).to.have.length(3);
  });

  it('says how to see it on the cluster of the run', async () => {
    cluster.gateway.answer = () => ({ pod: 'pod-2' });
    const byHand = { sameRun: ['--name', 'my look'], command: insideOf(' --name look') };
    Object.assign(cluster.env, { byHand });
    const { repro } = await cluster.run(serves);
    const [again, ...more] = [...(repro?.commands ?? []), repro?.apply ?? ''];
    expect(again).to.equal("routeproof conformance --scenario fake/one --name 'my look' --keep");
    expect(more).to.have.length(3);
    for (const line of more) expect(line).to.match(/^routeproof exec --name look -- (kubectl|grpcurl) /);
  });

  it('shows what was on the wire when a call failed', async () => {
    cluster.gateway.answer = () => ({ status: status.UNIMPLEMENTED, message: 'no route' });
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(result.seen).to.contain('UNIMPLEMENTED (12) "no route" from the gateway itself');
    const raw = result.evidence.calls.find(({ target }) => target.includes('raw'));
    expect(raw).to.include({ grpcStatus: 12, grpcStatusName: 'UNIMPLEMENTED' });
    expect(raw?.responseHeaders).to.deep.include([':status', '200']);
  });

  it('blames the backend layer when the proxy answers UNAVAILABLE', async () => {
    cluster.gateway.answer = () => ({ status: status.UNAVAILABLE });
    expect(await cluster.run(serves)).to.include({ verdict: 'wrong', layer: 'backend' });
  });

  it('is slow when the right answer comes after the limit', async () => {
    const lateMs = cluster.env.limits.servedMs * 1.2;
    cluster.gateway.answer = () => ({ pod: cluster.clock.now() > lateMs ? 'pod-1' : 'pod-2' });
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'slow', layer: 'routed' });
    expect(result.seen).to.match(/as expected only after 1[45]\d\d ms/);
  });

  it('is unstable when answers alternate', async () => {
    cluster.gateway.answer = ({ asked }) => ({ pod: asked % 2 === 0 ? 'pod-1' : 'pod-2' });
    expect(await cluster.run(serves)).to.include({ verdict: 'unstable', layer: 'routed' });
  });

  it('tries over one connection, or over a new one each time where that is asked', async () => {
    const peers: string[] = [];
    cluster.gateway.answer = ({ peer }) => {
      peers.push(peer);
      return { pod: 'pod-1' };
    };
    const calls =
      (more: Partial<Call>): ScenarioBody =>
      async (t) => {
        await t.callMust({ ...cluster.call, ...more }, { backend: 'v1' });
      };
    await cluster.run(calls({}));
    expect(new Set(peers.splice(0))).to.have.property('size', 1);
    await cluster.run(calls({ connection: '1', fresh: true }));
    expect(new Set(peers)).to.have.property('size', 3);
  });

  it('is wrong at layer connect when nobody listens', async () => {
    const { call } = cluster;
    cluster.gateway.stop();
    const result = await cluster.run(async (t) => {
      await t.callMust(call, { backend: 'v1' });
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'connect' });
    expect(result.seen).to.contain('ECONNREFUSED');
  });

  it('tells of proxies that have not started, and why, where that may be the cause', async () => {
    const pod = (name: string, ready: boolean) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ name, namespace: 'routeproof-base', uid: name },
        labels: { 'gateway.networking.k8s.io/gateway-name': 'shared' },
      },
      status: {
        phase: 'Pending',
        podIP: '10.0.0.1',
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    });
    const core = '/api/v1/namespaces/routeproof-base';
    const { objects } = cluster.api;
    for (const one of [pod('proxy', false), pod('beside', true)])
      objects.set(`${core}/pods/${one.metadata.name}`, one);
    const warning = {
      kind: 'Event',
      message: 'cannot fork',
      metadata: { name: 'e', namespace: 'routeproof-base' },
    };
    objects.set(`${core}/events/e`, warning);
    cluster.gateway.answer = () => ({ pod: 'pod-2' });
    expect((await cluster.run(serves)).unreadyPods).to.equal(undefined);
    cluster.gateway.stop();
    const unserved = await cluster.run(serves);
    expect(unserved).to.include({ verdict: 'wrong', layer: 'connect' });
    expect(unserved.unreadyPods).to.deep.equal([
      'pod routeproof-base/proxy is Pending',
      '  event: cannot fork',
    ]);
    expect(resultLine(unserved)).to.contain('pods:     pod routeproof-base/proxy is Pending\n');
  });

  it('is wrong at layer tls when the peer does not speak TLS', async () => {
    const result = await cluster.run(async (t) => {
      await t.callMust({ ...cluster.call, tls: true }, { backend: 'v1' });
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'tls' });
  });

  it('tells a backend’s UNIMPLEMENTED from the proxy’s', async () => {
    const failing = { ...cluster.call, message: { behaviour: { statusCode: status.UNIMPLEMENTED } } };
    const unrouted: ScenarioBody = async (t) => {
      await t.callMust(failing, { status: 'UNIMPLEMENTED', backend: null });
    };
    const reached = await cluster.run(unrouted);
    expect(reached).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(reached.seen).to.contain('from v1');
    cluster.gateway.answer = () => ({ status: status.UNIMPLEMENTED });
    expect(await cluster.run(unrouted)).to.include({ verdict: 'pass' });
  });

  it('is wrong at layer status when the status is of an older generation', async () => {
    cluster.routeStatus = (object) =>
      accepted(object).map((condition) => ({
        ...condition,
        observedGeneration: (object.metadata?.generation ?? 0) - 1,
      }));
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'wrong', layer: 'status' });
    expect(result.seen).to.contain('observedGeneration=0 (generation is 1)');
  });

  it('does not take the answer to an older write for the answer to an update', async () => {
    let answers = true;
    cluster.routeStatus = (object) => (answers ? accepted(object) : undefined);
    const result = await cluster.run(async (t) => {
      await t.applyObjects(route);
      await t.routeMustBeAccepted('shop');
      answers = false;
      await t.update<typeof route>({ kind: 'GRPCRoute', name: 'shop' }, (object) => {
        object.spec = { ...(object.spec as object), hostnames: ['other.example.com'] };
      });
      await t.routeMustBeAccepted('shop');
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'status' });
    expect(result.seen).to.contain('(generation is 2)');
  });

  it('is a failed set-up when the API server refuses an object, with its words', async () => {
    cluster.api.refuse = (object) => (object.kind === 'GRPCRoute' ? 'spec.rules: Too many' : undefined);
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'setup-failed', layer: 'apply', seen: 'spec.rules: Too many' });
  });

  it('is left out where CRDs older than all that is known refuse an object, not where a webhook does', async () => {
    cluster.env.rules = { ...cluster.env.rules, olderCrds: 'v1.4.1' };
    cluster.api.refuse = ({ kind }) => (kind === 'GRPCRoute' ? '.spec.later: field not declared' : undefined);
    const result = await cluster.run(serves);
    expect(result).to.include({ verdict: 'not-run', leftOut: 'crds' });
    expect(result.seen).to.match(
      /^the CRDs of the cluster \(v1\.4\.1\) refuse GRPCRoute .*field not declared$/,
    );
    cluster.api.refuse = ({ kind }) => (kind === 'GRPCRoute' ? 'admission webhook "a" denied it' : undefined);
    expect(await cluster.run(serves)).to.include({ verdict: 'setup-failed' });
  });

  it('is a failed set-up when the scenario itself throws, with its stack as evidence', async () => {
    const result = await cluster.run(() => {
      throw new TypeError('undefined is not a route');
    });
    expect(result).to.include({ verdict: 'setup-failed', seen: 'undefined is not a route' });
    expect(result.evidence.logs[0]?.lines.join('\n')).to.contain('run-scenario.test.ts');
  });

  it('is a failed set-up when the body asserts nothing', async () => {
    const result = await cluster.run(async (t) => {
      await t.call(cluster.call);
    });
    expect(result.verdict).to.equal('setup-failed');
    expect(result.seen).to.contain('asserts nothing');
  });

  it('counts a bare chai assertion as a check, and blames the layer looked at last', async () => {
    const result = await cluster.run(async (t) => {
      const { backend } = await t.call(cluster.call);
      expect(backend).to.equal('v2');
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'backend' });
    expect(result.seen).to.contain("expected 'v1' to equal 'v2'");
  });

  it('blames the layer that a check names', async () => {
    const result = await cluster.run(async (t) => {
      await t.check('certificates match', () => expect(1).to.equal(2), 'tls');
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'tls', expected: 'certificates match' });
  });

  it('is not-run when the run is aborted in the middle, whatever the body waits for', async () => {
    const abort = new AbortController();
    const result = await cluster.run(
      async () => {
        abort.abort(new Error('interrupted by SIGINT'));
        await new Promise(() => undefined);
      },
      {},
      abort.signal,
    );
    expect(result).to.include({ verdict: 'not-run', seen: 'interrupted by SIGINT' });
  });

  it('stops a loop that the body left running', async () => {
    let calls = 0;
    const result = await cluster.run(async (t) => {
      const loop = async (): Promise<never> => {
        for (;;) {
          await t.call(cluster.call);
          calls += 1;
        }
      };
      void loop();
      await t.callMust(cluster.call, { backend: 'v1' });
    });
    const made = calls;
    await cluster.run(serves);
    expect(result.verdict).to.equal('pass');
    expect(calls).to.equal(made);
  });

  it('counts who answered, and finds calls again by their nonce', async () => {
    cluster.gateway.answer = ({ asked }) =>
      asked % 4 === 0 ? { status: status.UNAVAILABLE } : { pod: asked % 2 === 0 ? 'pod-2' : 'pod-1' };
    const result = await cluster.run(async (t) => {
      const counts = await t.distribution(cluster.call, 40, 1);
      expect(Object.fromEntries(counts)).to.deep.equal({ v1: 20, v2: 10, '': 10 });
      cluster.gateway.answer = () => ({ pod: 'pod-1' });
      const { nonce } = await t.call(cluster.call);
      expect(await t.seenBy('v1', nonce, { atLeast: 1 })).to.have.length(1);
      expect(await t.seenBy('v1', `${nonce}-other`)).to.have.length(0);
    });
    expect(result.verdict, result.seen).to.equal('pass');
  });

  it('deletes what costs others something, and leaves namespaces for the end of the run', async () => {
    await cluster.run(serves);
    const deletes = cluster.api.requests.filter((request) => request.startsWith('DELETE'));
    expect(deletes).to.have.length(1);
    expect(deletes[0]).to.match(/grpcroutes\/shop$/);
    expect([...cluster.env.leftNamespaces]).to.have.length(1);
  });

  for (const [throwaway, deleted] of [
    [
      false,
      ['v1', 'v2']
        .flatMap((name) => [`services/${name}`, `endpointslices/${name}`])
        .concat('gateways/own', 'grpcroutes/shop'),
    ],
    [true, ['grpcroutes/shop']],
  ] as const) {
    it(`${throwaway ? 'leaves' : 'does not leave'} proxies and Services ${throwaway ? 'to a cluster that ends after this round' : 'on a cluster that stays'}`, async () => {
      cluster.env.throwaway = throwaway;
      await cluster.run(async (t) => {
        await serves(t);
        await t.applyObjects({
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'Gateway',
          metadata: { name: 'own' },
        });
      });
      const deletes = cluster.api.requests.filter((request) => request.startsWith('DELETE'));
      expect(deletes.map((request) => request.split('/').slice(-2).join('/'))).to.have.members([...deleted]);
    });
  }
});
