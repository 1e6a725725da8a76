import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { pino } from 'pino';
import type { StatusUpdate } from '../translate/model/types.ts';
import { FakeApiServer } from './fake-api-server.fixture.ts';
import { StatusWriter } from './status-writer.ts';

describe('StatusWriter', () => {
  let api: FakeApiServer;
  let writer: StatusWriter;
  let rest: (from: 'any' | 'counts') => Promise<unknown>;
  const versions = new Map<string, string>();

  const update = (name: string, reason: string, time = '2026-01-01T00:00:00Z'): StatusUpdate => ({
    kind: 'GatewayClass',
    name,
    status: {
      conditions: [{ type: 'Accepted', status: 'True', reason, message: '', lastTransitionTime: time }],
    },
  });
  const reasonOf = (body: unknown): string =>
    (body as { status: { conditions?: { reason: string }[] } }).status.conditions?.[0]?.reason ?? '';

  beforeEach(async () => {
    api = await FakeApiServer.start();
    versions.clear();
    rest = () => Promise.resolve();
    writer = new StatusWriter({
      client: api.client,
      versionOf: ({ name }) => versions.get(name),
      failed: () => undefined,
      rest: (from) => rest(from),
      log: pino({ level: 'silent' }),
    });
  });

  afterEach(() => api.stop());

  it('replaces the status of the version that it was computed from', async () => {
    versions.set('a', '7');
    writer.write([update('a', 'First')]);
    const request = await api.next();
    expect(request.method).to.equal('PUT');
    expect(request.path).to.equal('/apis/gateway.networking.k8s.io/v1/gatewayclasses/a/status');
    expect(request.body).to.deep.equal({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'a', resourceVersion: '7' },
      status: update('a', 'First').status,
    });
    request.answer(200, {});
  });

  it('forgets what it wrote to objects that are gone', async () => {
    versions.set('a', '7');
    writer.write([update('a', 'First')]);
    (await api.next()).answer(200, {});
    versions.delete('a');
    for (let each = 0; each < 1000; each++) {
      versions.set(`b${String(each)}`, '1');
      writer.write([update(`b${String(each)}`, 'First')]);
      (await api.next()).answer(200, {});
    }
    versions.set('a', '7');
    writer.write([update('a', 'First')]);
    const again = await api.next();
    expect(again.path).to.contain('/a/status');
    again.answer(200, {});
  });

  it('writes a status once, whatever its times say, until the object has another version', async () => {
    versions.set('a', '7').set('marker', '1');
    writer.write([update('a', 'First')]);
    (await api.next()).answer(200, {});
    writer.write([update('a', 'First', '2026-01-01T00:00:09Z'), update('marker', 'Next')]);
    const next = await api.next();
    expect(next.path).to.contain('/marker/');
    next.answer(200, {});
    versions.set('a', '8');
    writer.write([update('a', 'First')]);
    const again = await api.next();
    expect(again.path).to.contain('/a/');
    again.answer(200, {});
  });

  it('writes the latest status while another write of the object is on its way', async () => {
    versions.set('a', '7');
    writer.write([update('a', 'First')]);
    const first = await api.next();
    writer.write([update('a', 'Second')]);
    writer.write([update('a', 'Third')]);
    first.answer(200, {});
    const next = await api.next();
    expect(reasonOf(next.body)).to.equal('Third');
    next.answer(200, {});
  });

  it('lets an object rest after a write, and others not', async () => {
    let rested: () => void = () => undefined;
    const resting = new Promise<void>((begun) => {
      rest = (from) => {
        if (from === 'counts') return Promise.resolve();
        begun();
        return new Promise<void>((resolve) => (rested = resolve));
      };
    });
    versions.set('a', '7').set('b', '1');
    writer.write([update('a', 'First')]);
    (await api.next()).answer(200, {});
    await resting;
    versions.set('a', '8');
    writer.write([update('a', 'Second'), update('b', 'Other')]);
    const other = await api.next();
    expect(other.path).to.contain('/b/');
    writer.write([update('a', 'Third')]);
    rested();
    const next = await api.next();
    expect(reasonOf(next.body)).to.equal('Third');
    next.answer(200, {});
    other.answer(200, {});
  });

  it('lets counts rest longer than conditions', async () => {
    const counted = (attachedListenerSets: number, reason: string): StatusUpdate => ({
      kind: 'Gateway',
      namespace: 'n',
      name: 'a',
      status: {
        attachedListenerSets,
        conditions: [{ type: 'Accepted', status: 'True', reason, message: '', lastTransitionTime: '' }],
      },
    });
    const rests = new EventEmitter();
    rest = (from) =>
      from === 'any' ? Promise.resolve() : new Promise<void>((resolve) => void rests.emit('begun', resolve));
    const nextRest = async (): Promise<() => void> => ((await once(rests, 'begun')) as [() => void])[0];

    versions.set('a', '7');
    writer.write([counted(1, 'First')]);
    const begun = nextRest();
    (await api.next()).answer(200, {});
    await begun;
    versions.set('a', '8');
    writer.write([counted(2, 'First')]);
    writer.write([counted(3, 'Second')]);
    const condition = await api.next();
    expect(condition.body).to.deep.include({ status: counted(3, 'Second').status });
    const begunAgain = nextRest();
    condition.answer(200, {});
    const end = await begunAgain;
    versions.set('a', '9').set('b', '1');
    writer.write([counted(4, 'Second'), update('b', 'Other')]);
    const other = await api.next();
    expect(other.path).to.contain('/b/');
    end();
    const count = await api.next();
    expect(count.body).to.deep.include({ status: counted(4, 'Second').status });
    for (const request of [other, count]) request.answer(200, {});
  });

  it('takes a conflict as a sign that a newer object is on its way', async () => {
    versions.set('a', '7');
    writer.write([update('a', 'First')]);
    (await api.next()).answer(409, { message: 'the object has been modified' });
    versions.set('a', '8');
    writer.write([update('a', 'First')]);
    const next = await api.next();
    expect(next.body).to.have.nested.property('metadata.resourceVersion', '8');
    next.answer(200, {});
  });

  it('writes six at a time and all in the end', async () => {
    const all = Array.from({ length: 20 }, (_, index) => `c-${index}`);
    for (const name of all) versions.set(name, '1');
    writer.write(all.map((name) => update(name, 'Any')));
    const open = [];
    for (let count = 0; count < 6; count += 1) open.push(await api.next());
    const seen = new Set(open.map(({ path }) => path));
    for (const request of open) request.answer(200, {});
    while (seen.size < all.length) {
      const request = await api.next();
      seen.add(request.path);
      request.answer(200, {});
    }
  });
});
