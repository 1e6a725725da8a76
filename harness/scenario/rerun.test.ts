import { expect } from 'chai';
import { FakeCluster } from './fake-cluster.fixture.ts';
import type { Registered, ScenarioBody } from '../specs/registry.ts';
import { rerunAlone, rerunTimes } from './rerun.ts';

describe('running a failure again, alone', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  const scenario = (body: ScenarioBody): Registered => ({
    meta: { id: 's/1', title: 'one', support: 'core', clauses: ['a'] },
    body,
    file: undefined,
  });

  const again = (body: ScenarioBody, more: { budgetMs?: number; signal?: AbortSignal } = {}) =>
    rerunAlone(
      scenario(body),
      { verdict: 'wrong' },
      {
        env: cluster.env,
        signal: more.signal ?? new AbortController().signal,
        budgetMs: more.budgetMs ?? 60_000,
      },
    );

  it('counts the passes of a number of runs that is fixed, each in a namespace of its own', async () => {
    const namespaces = new Set<string>();
    const result = await again(async (t) => {
      namespaces.add(t.namespace());
      await t.check('the third one', () => expect(namespaces.size).to.equal(3));
    });
    expect(result).to.include({ runs: rerunTimes, passed: 1 });
    expect(result.verdicts).to.deep.equal(['wrong', 'wrong', 'pass', 'wrong', 'wrong']);
    expect(result.low).to.be.closeTo(0.0362, 0.0001);
    expect(result.high).to.be.closeTo(0.6245, 0.0001);
    expect(result.stopped).to.equal(undefined);
  });

  it('leaves none of its namespaces on a cluster that is kept', async () => {
    const body: ScenarioBody = async (t) => {
      await t.check('nothing', () => undefined);
    };
    await again(body);
    expect(cluster.env.leftNamespaces.size).to.equal(rerunTimes);
    cluster.env.leftNamespaces.clear();
    cluster.env.keep = true;
    await again(body);
    const deleted = cluster.api.requests.filter((each) => /^DELETE .*\/namespaces\/rp-s-1-\w+$/.test(each));
    expect(deleted).to.have.length(rerunTimes);
    expect(cluster.env.leftNamespaces.size).to.equal(0);
  });

  it('does not count a set-up that failed', async () => {
    let round = 0;
    const result = await again(async (t) => {
      round += 1;
      if (round === 2) throw new TypeError('no such thing');
      await t.check('nothing', () => undefined);
    });
    expect(result).to.include({ runs: rerunTimes - 1, passed: rerunTimes - 1 });
  });

  it('gives less time than the run did, and compares nothing', async () => {
    cluster.gateway.answer = () => ({ pod: 'pod-2' });
    const before = cluster.clock.now();
    const result = await again(async (t) => {
      await t.callMust(cluster.call, { backend: 'nobody' });
    });
    const eachMs = (cluster.clock.now() - before) / rerunTimes;
    const { servedMs, graceShare } = cluster.env.limits;
    expect(result).to.include({ passed: 0, limitsShare: 0.25 });
    expect(eachMs).to.be.lessThan(servedMs * (1 + graceShare) * 0.3);
  });

  it('stops when the time for it is used up, and says so', async () => {
    const stuck = await again(() => new Promise(() => undefined), { budgetMs: 30 });
    expect(stuck).to.include({ runs: 0, stopped: 'the time for running failures again was used up' });
    let ran = false;
    const none = await again(() => void (ran = true), { budgetMs: 0 });
    expect(none).to.include({ runs: 0, passed: 0 });
    expect(ran).to.equal(false);
  });

  it('stops when the run is aborted', async () => {
    const abort = new AbortController();
    const result = await again(
      async (t) => {
        await t.check('nothing', () => undefined);
        abort.abort(new Error('interrupted'));
      },
      { signal: abort.signal },
    );
    expect(result.stopped).to.equal('the run was aborted');
    expect(result.verdicts.length).to.be.lessThan(rerunTimes);
  });
});
