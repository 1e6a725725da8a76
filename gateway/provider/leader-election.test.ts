import { expect } from 'chai';
import { pino } from 'pino';
import { FakeApiServer } from './fake-api-server.fixture.ts';
import type { Received } from './fake-api-server.fixture.ts';
import { LeaderElection } from './leader-election.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { Lease } from './lease.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/test/leases';

/** Time that passes when the test says so. */
class TestClock implements LeaseClock {
  #nowMs = 0;
  readonly #waiting = new Set<{ atMs: number; resolve: () => void }>();
  #asked: () => void = () => undefined;

  now = (): number => this.#nowMs;

  until = (atMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const waiting = { atMs, resolve };
      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener('abort', () => {
        this.#waiting.delete(waiting);
        resolve();
      });
      this.#waiting.add(waiting);
      this.#asked();
    });

  /** Goes on to that time, as soon as somebody waits for it. */
  async reach(atMs: number): Promise<void> {
    while (![...this.#waiting].some((each) => each.atMs === atMs))
      await new Promise<void>((resolve) => (this.#asked = resolve));
    this.#nowMs = atMs;
    for (const each of this.#waiting) if (each.atMs <= atMs) each.resolve();
  }
}

describe('LeaderElection', () => {
  let api: FakeApiServer;
  let clock: TestClock;
  let election: LeaderElection;
  let leaders: (string | undefined)[];
  let next: () => void;
  /** What came before the watch of `follow`. */
  let waiting: Received | undefined;

  beforeEach(async () => {
    waiting = undefined;
    api = await FakeApiServer.start();
    clock = new TestClock();
    leaders = [];
    next = () => undefined;
    election = new LeaderElection({
      client: api.client,
      name: 'lease',
      identity: 'me',
      changed: (leader) => {
        leaders.push(leader);
        next();
      },
      log: pino({ level: 'silent' }),
      clock,
    });
  });

  afterEach(async () => {
    const stopped = election.stop();
    await api.stop();
    await stopped;
  });

  const lease = (version: string, spec: Lease['spec']): Lease => ({
    metadata: { name: 'lease', namespace: 'test', resourceVersion: version },
    spec: { leaseDurationSeconds: 15, leaseTransitions: 3, ...spec },
  });
  const specOf = (request: Received): Lease['spec'] => (request.body as Lease).spec;
  const untilLeader = async (leader: string | undefined): Promise<void> => {
    while (leaders.at(-1) !== leader || leaders.length === 0)
      await new Promise<void>((resolve) => (next = resolve));
  };
  const isWatch = ({ query }: Received): boolean => query.has('watch');

  async function lead(): Promise<void> {
    election.start();
    (await api.next()).answer(201, lease('1', { holderIdentity: 'me' }));
    await untilLeader('me');
  }

  /** Starts beside a Lease that is there. @returns its watch */
  async function follow(there: Lease): Promise<Received> {
    election.start();
    (await api.next()).answer(409, { message: 'already exists' });
    const list = await api.next();
    expect(list.path).to.equal(path);
    expect(list.query.get('fieldSelector')).to.equal('metadata.name=lease');
    list.answer(200, { metadata: { resourceVersion: '5' }, items: [there] });
    let request = await api.next();
    if (!isWatch(request)) {
      waiting = request;
      request = await api.next();
    }
    expect(isWatch(request)).to.equal(true);
    return request;
  }
  it('leads after one request where there is no Lease', async () => {
    election.start();
    const made = await api.next();
    expect(made).to.deep.include({ method: 'POST', path });
    expect(specOf(made)).to.include({ holderIdentity: 'me', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(specOf(made)?.renewTime).to.match(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/);
    made.answer(201, lease('1', { holderIdentity: 'me' }));
    await untilLeader('me');
  });

  it('renews what it holds every two seconds', async () => {
    await lead();
    for (const [atMs, version] of [
      [2000, '1'],
      [4000, '2'],
    ] as const) {
      await clock.reach(atMs);
      const renewal = await api.next();
      expect(renewal).to.deep.include({ method: 'PUT', path: `${path}/lease` });
      expect((renewal.body as Lease).metadata.resourceVersion).to.equal(version);
      renewal.answer(200, lease('2', { holderIdentity: 'me' }));
    }
  });

  it('stops leading ten seconds after the last renewal, before anybody else may begin', async () => {
    await lead();
    await clock.reach(2000);
    (await api.next()).answer(500, { message: 'no leader in etcd' });
    await clock.reach(4000);
    // One that is never answered.
    await api.next();
    await clock.reach(10_000);
    await untilLeader(undefined);
    expect(leaders).to.deep.equal(['me', undefined]);
  });

  it("does not lead any more when the Lease is another one's", async () => {
    await lead();
    await clock.reach(2000);
    (await api.next()).answer(409, { message: 'the object has been modified' });
    const read = await api.next();
    expect(read.method).to.equal('GET');
    read.answer(200, lease('9', { holderIdentity: 'other' }));
    await untilLeader(undefined);
  });

  it('goes on when somebody has only annotated the Lease', async () => {
    await lead();
    await clock.reach(2000);
    (await api.next()).answer(409, { message: 'the object has been modified' });
    (await api.next()).answer(200, lease('9', { holderIdentity: 'me' }));
    const renewal = await api.next();
    expect((renewal.body as Lease).metadata.resourceVersion).to.equal('9');
    renewal.answer(200, lease('10', { holderIdentity: 'me' }));
    await clock.reach(4000);
    expect(((await api.next()).body as Lease).metadata.resourceVersion).to.equal('10');
    expect(leaders).to.deep.equal(['me']);
  });

  it('takes over at once what its holder lets go', async () => {
    const watch = await follow(lease('5', { holderIdentity: 'other' }));
    await untilLeader('other');
    watch.event('MODIFIED', lease('6', { holderIdentity: '' }));
    const taken = await api.next();
    expect(taken.method).to.equal('PUT');
    expect((taken.body as Lease).metadata.resourceVersion).to.equal('6');
    expect(specOf(taken)).to.include({ holderIdentity: 'me', leaseTransitions: 4 });
    taken.answer(200, lease('7', { holderIdentity: 'me' }));
    await untilLeader('me');
  });

  it('takes over fifteen seconds after the last renewal that it saw', async () => {
    const watch = await follow(lease('5', { holderIdentity: 'other' }));
    await clock.reach(15_000);
    const early = await api.next();
    early.answer(409, { message: 'the object has been modified' });
    watch.event('MODIFIED', lease('6', { holderIdentity: 'other' }));
    await clock.reach(30_000);
    const taken = await api.next();
    expect((taken.body as Lease).metadata.resourceVersion).to.equal('6');
    taken.answer(200, lease('7', { holderIdentity: 'me' }));
    await untilLeader('me');
    expect(leaders).to.deep.equal(['other', 'me']);
  });

  it('takes its own Lease back after a restart without waiting for its end', async () => {
    await follow(lease('5', { holderIdentity: 'me' }));
    const taken = waiting ?? (await api.next());
    expect(specOf(taken)).to.include({ holderIdentity: 'me', leaseTransitions: 3 });
    taken.answer(200, lease('6', { holderIdentity: 'me' }));
    await untilLeader('me');
  });

  it('makes the Lease anew when it was deleted', async () => {
    const watch = await follow(lease('5', { holderIdentity: 'other' }));
    watch.event('DELETED', lease('6', { holderIdentity: 'other' }));
    const made = await api.next();
    expect(made.method).to.equal('POST');
    made.answer(201, lease('7', { holderIdentity: 'me' }));
    await untilLeader('me');
  });

  it('lets the Lease go when it ends', async () => {
    await lead();
    const stopped = election.stop();
    const released = await api.next();
    expect(specOf(released)).to.include({ holderIdentity: '', leaseDurationSeconds: 1 });
    expect((released.body as Lease).metadata.resourceVersion).to.equal('1');
    released.answer(200, {});
    await stopped;
    expect(leaders).to.deep.equal(['me', undefined]);
  });
});
