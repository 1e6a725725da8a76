import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Comparison, ScenarioResult } from '../../../results/run.ts';
import { FakeGateway, type FakeAnswer } from '../../../rpc/fake-gateway.fixture.ts';
import { FakeCluster, route } from '../../fake-cluster.fixture.ts';

/** A route with one rule to v1, on the hostnames given. */
const routeOn = (...hostnames: string[]): object => ({
  ...route,
  spec: {
    parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
    hostnames,
    rules: [{ backendRefs: [{ name: 'v1', port: 9000 }] }],
  },
});

describe('a failed call elsewhere', () => {
  let cluster: FakeCluster;
  let pod: FakeGateway;

  beforeEach(async () => {
    cluster = new FakeCluster();
    pod = new FakeGateway();
    await Promise.all([cluster.start(), pod.start()]);
    for (const each of cluster.env.echoPods) each.port = pod.port;
    cluster.env.supportedFeatures = new Set(['HTTPRoute']);
  });

  afterEach(async () => {
    pod.stop();
    await cluster.stop();
  });

  const run = (written: object = routeOn('shop.example.com')): Promise<ScenarioResult> =>
    cluster.run(async (t) => {
      await t.applyObjects(written);
      await t.callMust(cluster.call, { backend: 'v1' });
    });

  const comparison = (result: ScenarioResult, place: Comparison['with']): Comparison | undefined =>
    result.comparisons?.find((each) => each.with === place);

  /** What the gateway answers to calls of either kind of route. */
  const answers = (grpc: FakeAnswer, http: FakeAnswer): void => {
    cluster.gateway.answer = ({ authority }) => (authority.includes('-as-http.') ? http : grpc);
  };

  it('is right at the backend itself: the gateway is to blame', async () => {
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    const { ok, text, call } = comparison(await run(), 'backend') ?? {};
    expect(ok).to.equal(true);
    expect(text).to.contain('straight to v1').and.contain('the backend is right');
    expect(call?.target).to.contain(`:${String(pod.port)}`);
    expect(call?.backend).to.include({ name: 'v1' });
    expect(call?.authority).to.match(/^shop\.[a-z0-9]{6}\.example\.com$/);
  });

  it('is wrong at the backend too: the backend is to blame', async () => {
    answers({ status: status.UNAVAILABLE }, { status: status.UNAVAILABLE });
    pod.answer = () => ({ status: status.INTERNAL, message: 'broken' });
    const { ok, text } = comparison(await run(), 'backend') ?? {};
    expect(ok).to.equal(false);
    expect(text).to.contain('INTERNAL (13)').and.contain('look at the backend');
  });

  it('is right by an HTTPRoute with the same rule: a fault of GRPCRoutes', async () => {
    answers({ pod: 'pod-2' }, { pod: 'pod-1' });
    const { ok, text, manifest } = comparison(await run(), 'http-route') ?? {};
    expect(ok, text).to.equal(true);
    expect(text).to.contain('10 of 10 calls').and.contain('only the GRPCRoute goes wrong');
    const made = parse(manifest ?? '') as { kind: string; spec: { hostnames: string[] } };
    expect(made.kind).to.equal('HTTPRoute');
    expect(made.spec.hostnames[0]).to.match(/^shop\.[a-z0-9]{6}-as-http\.example\.com$/);
    expect(cluster.api.requests.some((each) => /^DELETE.*httproutes\/shop-as-http$/.test(each))).to.equal(
      true,
    );
  });

  it('is wrong by an HTTPRoute as well: no fault of GRPCRoutes alone', async () => {
    cluster.gateway.answer = ({ metadata }) =>
      metadata.get('x-routeproof-as-http').length > 0 ? { pod: 'pod-1' } : { pod: 'pod-2' };
    const { ok, text } = comparison(await run(), 'http-route') ?? {};
    expect(ok, text).to.equal(false);
    expect(text).to.contain('0 of 10 calls').and.contain('not a fault of GRPCRoutes alone');
  });

  it('is wrong by an HTTPRoute that is accepted and not served', async () => {
    answers({ pod: 'pod-2' }, { status: status.UNIMPLEMENTED });
    const { ok, text } = comparison(await run(), 'http-route') ?? {};
    expect(ok, text).to.equal(false);
    expect(text).to.contain('UNIMPLEMENTED (12) from the gateway itself, as expected in 0 of 10 calls');
  });

  it('says nothing of an HTTPRoute that is not served where nothing is to answer', async () => {
    answers({ pod: 'pod-2' }, { status: status.UNIMPLEMENTED });
    const result = await cluster.run(async (t) => {
      await t.applyObjects(routeOn('shop.example.com'));
      await t.callMustAlways(cluster.call, { status: 'UNIMPLEMENTED', backend: null });
    });
    expect(comparison(result, 'http-route')?.text).to.contain('not compared, it is not served');
    expect(comparison(result, 'backend')).to.equal(undefined);
  });

  it('draws no conclusion from a few good calls where the fault comes and goes', async () => {
    cluster.gateway.answer = ({ authority, asked }) =>
      authority.includes('-as-http.') || asked % 2 === 0 ? { pod: 'pod-1' } : { pod: 'pod-2' };
    const result = await run();
    expect(result.verdict).to.equal('unstable');
    const { ok, text } = comparison(result, 'http-route') ?? {};
    expect(ok).to.equal(undefined);
    expect(text).to.contain('10 of 10 calls').and.contain('too few to tell');
    expect(comparison(result, 'backend')?.ok).to.equal(undefined);
  });

  it('is not compared where the two kinds would meet on a hostname', async () => {
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    const { ok, text } = comparison(await run(routeOn()), 'http-route') ?? {};
    expect(ok).to.equal(undefined);
    expect(text).to.contain('not compared, the GRPCRoute has no hostname');
  });

  it('is not compared where the implementation refuses the HTTPRoute', async () => {
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    cluster.routeStatus = ({ kind, metadata }) => [
      {
        type: 'Accepted',
        status: kind === 'HTTPRoute' ? 'False' : 'True',
        reason: kind === 'HTTPRoute' ? 'NotAllowedByListeners' : 'Accepted',
        observedGeneration: metadata?.generation,
      },
    ];
    expect(comparison(await run(), 'http-route')?.text).to.contain('not accepted: NotAllowedByListeners');
  });

  it('has no HTTPRoute where the implementation does not claim them', async () => {
    cluster.env.supportedFeatures = new Set();
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    const result = await run();
    expect(comparison(result, 'http-route')).to.equal(undefined);
    expect(result.comparisons).to.have.length(1);
  });

  it('does not exist on a pass, nor where nothing is to be explained', async () => {
    expect((await run()).comparisons).to.equal(undefined);
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    cluster.env.explain = false;
    expect((await run()).comparisons).to.equal(undefined);
  });

  it('marks the call that the verdict is about', async () => {
    answers({ pod: 'pod-2' }, { pod: 'pod-2' });
    const { evidence } = await run();
    expect(evidence.calls.filter(({ role }) => role === 'failed')).to.have.length(1);
    expect(evidence.calls.find(({ role }) => role === 'failed')?.backend).to.include({ name: 'v2' });
  });
});
