import { expect } from 'chai';
import { pino } from 'pino';
import { FakeApiServer } from './fake-api-server.fixture.ts';
import { ObjectStore } from './object-store.ts';
import type { KubeObject } from './object-store.ts';
import { Reflector } from './reflector.ts';

describe('Reflector', () => {
  let api: FakeApiServer;
  let store: ObjectStore<KubeObject>;
  let reflector: Reflector<KubeObject>;
  let deleted: string[];
  let changed: () => void;

  const object = (name: string, resourceVersion: string): KubeObject => ({
    metadata: { name, namespace: 'ns', resourceVersion, managedFields: [{}] },
  });
  const list = (resourceVersion: string, ...items: KubeObject[]) => ({
    metadata: { resourceVersion },
    items,
  });
  const names = (): string[] =>
    store.list().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
  const until = async (expected: string[]): Promise<void> => {
    while (names().join() !== expected.join()) await new Promise<void>((resolve) => (changed = resolve));
  };

  beforeEach(async () => {
    api = await FakeApiServer.start();
    deleted = [];
    changed = () => undefined;
    store = new ObjectStore({ changed: () => changed(), deleted: (key) => deleted.push(key) });
    reflector = new Reflector({
      client: api.client,
      path: '/api/v1/things',
      selector: 'labelSelector=a%3Db',
      store,
      log: pino({ level: 'silent' }),
    });
  });

  afterEach(async () => {
    reflector.stop();
    await api.stop();
  });

  it('asks for metadata alone where no more is of use, in the list and in the watch', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const log = pino({ level: 'silent' });
    const ofMetadata = new Reflector({ client: api.client, path, store, log, metadataOnly: true });
    void ofMetadata.start();
    const listed = await api.next();
    expect(listed.accept).to.equal('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
    listed.answer(200, list('10', object('a', '1')));
    const watched = await api.next();
    expect(watched.accept).to.equal('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
    ofMetadata.stop();
  });

  it('does not wait for an optional kind that the cluster lacks, and watches it once it is there', async () => {
    const path = '/apis/example.com/v1/rarities';
    const log = pino({ level: 'silent' });
    const optional = new Reflector({ client: api.client, path, store, log, optional: true });
    const started = optional.start();
    (await api.next()).answer(404, { message: 'the server could not find the requested resource' });
    await started;
    expect(names()).to.deep.equal([]);
    (await api.next()).answer(200, list('10', object('a', '1')));
    await until(['a@1']);
    (await api.next()).answer(404, { message: 'the server could not find the requested resource' });
    await until([]);
    optional.stop();
  });

  it('takes the older version where the newer one is not served, and the newer one again when the older one is no more', async () => {
    const path = '/apis/example.com/v1/grants';
    const olderPath = '/apis/example.com/v1beta1/grants';
    const log = pino({ level: 'silent' });
    const either = new Reflector({ client: api.client, path, olderPath, store, log });
    const started = either.start();
    const asked = async (
      answer: (request: Awaited<ReturnType<typeof api.next>>) => void,
    ): Promise<string> => {
      const request = await api.next();
      answer(request);
      return request.path;
    };
    const unknown = { message: '404 page not found' };
    expect(await asked((request) => request.answer(404, unknown))).to.equal(path);
    expect(await asked((request) => request.answer(200, list('10', object('a', '1'))))).to.equal(olderPath);
    await started;
    expect(names()).to.deep.equal(['a@1']);
    expect(await asked((watch) => watch.answer(404, unknown))).to.equal(olderPath);
    expect(await asked((request) => request.answer(200, list('12', object('a', '11'))))).to.equal(path);
    await until(['a@11']);
    either.stop();
  });

  it('lists once, then watches from there', async () => {
    const started = reflector.start();
    const listing = await api.next();
    expect(Object.fromEntries(listing.query)).to.deep.equal({ resourceVersion: '0', labelSelector: 'a=b' });
    expect(listing.token).to.equal('Bearer secret');
    listing.answer(200, list('10', object('a', '1'), object('b', '2')));
    await started;
    expect(names()).to.deep.equal(['a@1', 'b@2']);
    expect(store.get('ns/a')?.metadata.managedFields).to.equal(undefined);
    const watch = await api.next();
    expect(Object.fromEntries(watch.query)).to.include({
      watch: '1',
      resourceVersion: '10',
      labelSelector: 'a=b',
    });
    watch.event('MODIFIED', object('a', '11'));
    watch.event('DELETED', object('b', '12'));
    watch.event('ADDED', object('c', '13'));
    await until(['a@11', 'c@13']);
    expect(deleted).to.deep.equal(['ns/b']);
  });

  it('goes on from the last event, bookmarks too, when a watch ends', async () => {
    void reflector.start();
    (await api.next()).answer(200, list('10'));
    const watch = await api.next();
    watch.event('ADDED', object('a', '11'));
    watch.event('BOOKMARK', { metadata: { resourceVersion: '20' } });
    watch.response.end();
    expect((await api.next()).query.get('resourceVersion')).to.equal('20');
    expect(names()).to.deep.equal(['a@11']);
  });

  it('lists again when its version is too old, and forgets what is gone', async () => {
    void reflector.start();
    (await api.next()).answer(200, list('10', object('a', '1'), object('b', '2')));
    const watch = await api.next();
    const kept = store.get('ns/a');
    watch.event('ERROR', { code: 410, message: 'too old resource version' });
    const listing = await api.next();
    expect(Object.fromEntries(listing.query)).to.deep.equal({ labelSelector: 'a=b' });
    listing.answer(200, list('30', object('a', '1'), object('c', '29')));
    await until(['a@1', 'c@29']);
    expect(deleted).to.deep.equal(['ns/b']);
    expect(store.get('ns/a')).to.equal(kept ?? 'the same object');
  });

  it('tries again when the API server refuses or drops the connection', async () => {
    const started = reflector.start();
    (await api.next()).answer(429, { message: 'storage is (re)initializing' });
    (await api.next()).response.destroy();
    (await api.next()).answer(200, list('10', object('a', '1')));
    await started;
    (await api.next()).response.destroy();
    expect((await api.next()).query.get('resourceVersion')).to.equal('10');
  });

  it('reads events that come in pieces', async () => {
    void reflector.start();
    (await api.next()).answer(200, list('10'));
    const { response } = await api.next();
    const text = `${JSON.stringify({ type: 'ADDED', object: object('ä', '11') })}\n`;
    const bytes = Buffer.from(text);
    const cut = bytes.indexOf(0xc3) + 1;
    await new Promise<void>((resolve) => response.write(bytes.subarray(0, cut), () => resolve()));
    response.write(bytes.subarray(cut));
    await until(['ä@11']);
  });
});
