import { expect } from 'chai';
import { messageOf } from '../../common/errors.ts';
import { Engine, startOrder } from './engine.ts';
import { FakeCluster } from './fake-cluster.fixture.ts';
import type { Registered, ScenarioBody } from '../specs/registry.ts';

function registered(id: string, body: ScenarioBody, more: Partial<Registered['meta']> = {}): Registered {
  return { meta: { id, title: id, support: 'core', clauses: ['a'], ...more }, body, file: undefined };
}

const passing: ScenarioBody = async (t) => {
  await t.check('nothing', () => undefined);
};

describe('the engine', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  it('runs scenarios side by side, no more than asked for', async () => {
    let running = 0;
    let most = 0;
    const counting: ScenarioBody = async (t) => {
      running += 1;
      most = Math.max(most, running);
      await t.applyObjects({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
      await passing(t);
      running -= 1;
    };
    const scenarios = ['s/1', 's/2', 's/3', 's/4', 's/5', 's/6'].map((id) => registered(id, counting));
    const engine = new Engine(scenarios, { concurrency: 3, repeat: 1 });
    engine.use(cluster.env);
    engine.startAll();
    await engine.settled();
    expect(most).to.equal(3);
    expect([...engine.results.values()].map(({ verdict }) => verdict)).to.deep.equal(Array(6).fill('pass'));
  });

  /** Scenarios that note when they ran, and whether they were alone. */
  function notingIn(order: string[]): (id: string, more?: Partial<Registered['meta']>) => Registered {
    let running = 0;
    return (id, more = {}) =>
      registered(
        id,
        async (t) => {
          running += 1;
          await t.applyObjects({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
          order.push(`${id}${running > 1 ? ' beside others' : ''}`);
          await passing(t);
          running -= 1;
        },
        more,
      );
  }

  it('runs exclusive scenarios by themselves, after all others, in each round', async () => {
    const order: string[] = [];
    const noting = notingIn(order);
    const alone = ['x/1', 'x/2'].map((id) => noting(id, { exclusive: true, takesMs: 5_000 }));
    const engine = new Engine([...alone, noting('s/1'), noting('s/2')], { concurrency: 4, repeat: 2 });
    engine.use({ ...cluster.env, ownCluster: true });
    engine.startAll();
    await engine.settled();
    for (const round of [0, 1]) {
      const ids = order.slice(round * 4, round * 4 + 4);
      expect(ids.slice(0, 2).map((id) => id.slice(0, 3))).to.have.members(['s/1', 's/2']);
      expect(ids.slice(2)).to.have.members(['x/1', 'x/2']);
    }
    expect(order).to.have.length(8);
  });

  it('runs those by themselves that an implementation does not stand beside others', async () => {
    const order: string[] = [];
    const noting = notingIn(order);
    const scenarios = [noting('h/1', { takesMs: 5_000 }), noting('s/1'), noting('s/2')];
    const engine = new Engine(scenarios, { concurrency: 4, repeat: 1, alone: ['h/1'] });
    engine.use(cluster.env);
    engine.startAll();
    await engine.settled();
    expect(order.map((one) => one.slice(0, 3))).to.have.members(['h/1', 's/1', 's/2']);
    expect(order.at(-1)).to.equal('h/1');
  });

  it('runs scenarios whose Gateways take calls of every host by themselves where all share their proxies', async () => {
    for (const sharedProxies of [true, false]) {
      const order: string[] = [];
      const noting = notingIn(order);
      const scenarios = [noting('h/1', { anyHost: true, takesMs: 5_000 }), noting('s/1'), noting('s/2')];
      const engine = new Engine(scenarios, { concurrency: 4, repeat: 1, sharedProxies });
      engine.use(cluster.env);
      engine.startAll();
      await engine.settled();
      expect(order.map((one) => one.slice(0, 3))).to.have.members(['h/1', 's/1', 's/2']);
      expect(order.at(-1) === 'h/1', order.join()).to.equal(sharedProxies);
    }
  });

  it('leaves exclusive scenarios out on a cluster that is not of this run alone', async () => {
    const engine = new Engine([registered('x/1', passing, { exclusive: true })], {
      concurrency: 1,
      repeat: 1,
    });
    engine.use(cluster.env);
    expect(await engine.outcome('x/1')).to.include({ verdict: 'not-run', leftOut: 'cluster' });
  });

  it('keeps what has ended when the run is aborted, the rest is not-run', async () => {
    const waiting = registered('s/2', () => new Promise(() => undefined), { takesMs: 2 });
    const scenarios = [registered('s/1', passing, { takesMs: 3 }), waiting, registered('s/3', passing)];
    const engine = new Engine(scenarios, {
      concurrency: 1,
      repeat: 1,
      onResult: ({ id }) => {
        if (id === 's/1') setImmediate(() => engine.abort('CLUSTER_LOST'));
      },
    });
    engine.use(cluster.env);
    engine.startAll();
    await engine.settled();
    const verdicts = [...engine.results.values()].map(({ id, verdict }) => `${id} ${verdict}`);
    expect(verdicts).to.deep.equal(['s/1 pass', 's/2 not-run', 's/3 not-run']);
    expect(engine.results.get('s/3')?.seen).to.equal('CLUSTER_LOST');
  });

  it('skips an extended scenario whose feature is not claimed, never a core one', async () => {
    const features = ['GRPCRouteSomething'];
    const scenarios = [
      registered('s/extended', passing, { support: 'extended', features }),
      registered('s/core', passing, { features }),
    ];
    const engine = new Engine(scenarios, { concurrency: 2, repeat: 1 });
    engine.use(cluster.env);
    engine.startAll();
    await engine.settled();
    expect(engine.results.get('s/extended')).to.include({ verdict: 'not-run' });
    expect(engine.results.get('s/extended')?.seen)
      .to.contain('not claimed')
      .and.contain('GRPCRouteSomething');
    expect(engine.results.get('s/core')?.verdict).to.equal('pass');
  });

  it('repeats, and calls a scenario unstable whose runs differ', async () => {
    let round = 0;
    const flaky = registered('s/flaky', async (t) => {
      round += 1;
      await t.check('odd rounds only', () => expect(round % 2).to.equal(1));
    });
    const engine = new Engine([flaky], { concurrency: 1, repeat: 4 });
    engine.use(cluster.env);
    const result = await engine.outcome('s/flaky');
    expect(result.verdict).to.equal('unstable');
    expect(result.notes).to.deep.equal(['passed 2 of 4 runs']);
    expect(result.repeats?.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'wrong', 'pass', 'wrong']);
  });

  it('repeats all of them round by round, and tells of each round', async () => {
    const order: string[] = [];
    const noting = (id: string): Registered =>
      registered(id, async (t) => {
        order.push(id);
        await passing(t);
      });
    const rounds: string[] = [];
    const engine = new Engine([noting('s/1'), noting('s/2')], {
      concurrency: 2,
      repeat: 3,
      onRound: (round, results) => rounds.push(`${String(round)}: ${String(results.length)}`),
    });
    engine.use(cluster.env);
    engine.startAll();
    await engine.settled();
    for (const round of [0, 1, 2])
      expect(order.slice(2 * round, 2 * round + 2)).to.have.members(['s/1', 's/2']);
    expect(rounds).to.deep.equal(['1: 2', '2: 2', '3: 2']);
    expect(engine.results.get('s/1')?.repeats).to.have.length(3);
  });

  it('starts the longest first and mixes the rest, always in the same way', () => {
    const ids = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'long/1'];
    const order = startOrder(ids, (id) => (id.startsWith('long') ? 5_000 : 0));
    expect(order[0]).to.equal('long/1');
    expect(order).to.have.members(ids);
    expect(order.slice(1)).not.to.deep.equal(ids.slice(0, 5));
    expect(startOrder([...ids].reverse(), (id) => (id.startsWith('long') ? 5_000 : 0))).to.deep.equal(order);
  });

  it('runs nothing without a cluster', async () => {
    const engine = new Engine([registered('s/1', passing)], { concurrency: 1, repeat: 1 });
    expect((await engine.outcome('s/1')).verdict).to.equal('not-run');
  });

  it('refuses an id that is not registered', async () => {
    const engine = new Engine([], { concurrency: 1, repeat: 1 });
    const error: unknown = await engine.outcome('s/none').catch((thrown: unknown) => thrown);
    expect(messageOf(error)).to.contain('not registered');
  });
});
