import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import { irGateway } from '../xds/ir.fixture.ts';
import { toXds } from '../xds/to-xds.ts';
import { AdsFixture, gatewayKey, newAuthority, toCluster as host } from './ads-server.fixture.ts';
import { proxyIdentity } from './ads-server.ts';

describe('AdsServer', () => {
  let authority: KeyAndCertificate;
  let ads: AdsFixture;

  before(async () => {
    authority = await newAuthority();
  });

  beforeEach(async () => {
    ads = await AdsFixture.start(authority);
  });

  afterEach(() => ads.stop());

  describe('who may have what', () => {
    it('turns away a certificate that names no Gateway', async () => {
      ads.program([], {});
      const fake = await ads.proxy('routeproof://other/thing');
      expect(await fake.status).to.include({ code: status.PERMISSION_DENIED });
    });

    it('gives a proxy its own Gateway only', async () => {
      ads.program([host('a.test', 'one')], { one: [1001] });
      ads.server.update('test/other', toXds(irGateway(80, [host('b.test', 'two')], { two: [1] })));
      const fake = await ads.proxy(proxyIdentity('test/other'));
      fake.subscribe('srds', ['*']);
      fake.subscribe('cds', ['*']);
      expect(Object.keys((await fake.next()).resources)).to.deep.equal(['two']);
    });

    it('refuses a certificate of another authority', async () => {
      ads.program([], {});
      const fake = await ads.proxy(proxyIdentity(gatewayKey), await newAuthority());
      expect(await fake.status).to.include({ code: status.UNAVAILABLE });
    });
  });

  it('answers a first subscription even with nothing', async () => {
    ads.program([], {});
    const fake = await ads.proxy();
    fake.subscribe('srds', []);
    expect(await fake.next()).to.deep.include({ type: 'srds', resources: {}, removed: [] });
  });

  describe('order', () => {
    it('sends a scope only after its new cluster and its endpoints are acknowledged', async () => {
      const fake = await ads.settled();
      ads.program([host('a.test', 'two')], { two: [1002] });
      const cluster = await fake.next();
      expect(cluster).to.deep.include({ type: 'cds', removed: [] });
      expect(Object.keys(cluster.resources)).to.deep.equal(['two']);
      fake.ack(cluster);
      fake.subscribe('eds', ['two']);
      const endpoints = await fake.next();
      expect([endpoints.type, Object.keys(endpoints.resources)]).to.deep.equal(['eds', ['two']]);
      expect(fake.waiting).to.equal(0);
      fake.ack(endpoints);
      const scope = await fake.next();
      expect([scope.type, Object.keys(scope.resources)]).to.deep.equal(['srds', ['http-80/a.test']]);
      fake.ack(scope);
      expect(await fake.accept()).to.deep.include({ type: 'cds', resources: {}, removed: ['one'] });
    });

    it('has one response of a type in flight, then sends the latest state', async () => {
      const fake = await ads.settled();
      ads.program([host('a.test', 'one', 'first')], { one: [1001] });
      const first = await fake.next();
      for (const name of ['second', 'third']) ads.program([host('a.test', 'one', name)], { one: [1001] });
      ads.program([host('a.test', 'one', 'last'), host('b.test', 'one')], { one: [1001] });
      fake.ack(first);
      const next = await fake.accept();
      expect(Object.keys(next.resources)).to.deep.equal(['http-80/a.test', 'http-80/b.test']);
      const versions = toXds(irGateway(80, [host('a.test', 'one', 'last')], {})).srds;
      expect(next.resources['http-80/a.test']).to.equal(versions.get('http-80/a.test')?.version);
    });
  });

  it('sends a proxy that comes back only what differs, removals too', async () => {
    const gone = host('gone.test', 'one');
    const same = host('same.test', 'one');
    ads.program([same, host('new.test', 'one')], { one: [1001] });
    const before = toXds(irGateway(80, [gone, same], { one: [1001] }));
    const versions = Object.fromEntries(
      [...before.srds.values()].map(({ name, version }) => [name, version]),
    );
    const fake = await ads.proxy();
    fake.subscribe('cds', ['*'], { one: before.cds.get('one')?.version ?? '' });
    fake.subscribe('eds', ['one'], { one: before.eds.get('one')?.version ?? '' });
    fake.subscribe('srds', ['*'], versions);
    expect(await fake.accept()).to.deep.include({ type: 'cds', resources: {}, removed: [] });
    const scopes = await fake.accept();
    expect(Object.keys(scopes.resources)).to.deep.equal(['http-80/new.test']);
    expect(scopes.removed).to.deep.equal(['http-80/gone.test']);
  });

  describe('a refused response', () => {
    const clusters = { one: [1001] };

    it('is halved until the bad resource stands alone; the others arrive', async () => {
      const fake = await ads.settled();
      const names = ['b', 'c', 'bad', 'd', 'e'].map((name) => `${name}.test`);
      ads.program([host('a.test', 'one'), ...names.map((name) => host(name, 'one'))], clusters);
      const accepted = new Set<string>();
      while (ads.server.rejections(gatewayKey, () => true).length === 0 || accepted.size < 4) {
        const response = await fake.next();
        const sent = Object.keys(response.resources);
        if (sent.includes('http-80/bad.test')) fake.nack(response, 'bad regex');
        else {
          fake.ack(response);
          for (const name of sent) accepted.add(name);
        }
      }
      expect([...accepted].sort()).to.deep.equal(['b', 'c', 'd', 'e'].map((name) => `http-80/${name}.test`));
      expect(ads.server.rejections(gatewayKey, () => true)).to.deep.equal([
        {
          resource: 'http-80/bad.test',
          type: 'srds',
          message: 'bad regex',
          source: { kind: 'GRPCRoute', key: 'test/bad.test' },
          generation: 1,
        },
      ]);
    });

    it('is sent on in parts when the same state is made anew meanwhile', async () => {
      const fake = await ads.settled();
      const hosts = ['bad', 'good'].map((name) => host(`${name}.test`, 'one'));
      ads.program(hosts, clusters);
      const accepted = new Set<string>();
      while (!accepted.has('http-80/good.test')) {
        const response = await fake.next();
        const sent = Object.keys(response.resources);
        if (sent.includes('http-80/bad.test')) {
          fake.nack(response, 'bad regex');
          ads.program(hosts, clusters);
        } else {
          fake.ack(response);
          for (const name of sent) accepted.add(name);
        }
      }
      expect([...accepted])
        .to.include('http-80/good.test')
        .and.not.to.include('http-80/bad.test');
    });

    it('is not sent again until the resource changes, and new proxies get the last good version', async () => {
      const fake = await ads.settled();
      const good = toXds(irGateway(80, [host('a.test', 'one')], clusters)).srds.get(
        'http-80/a.test',
      )?.version;
      ads.program([host('a.test', 'one', 'bad')], clusters);
      fake.nack(await fake.next(), 'no');
      const second = await ads.proxy();
      second.subscribe('cds', ['*']);
      await second.accept();
      second.subscribe('eds', ['one']);
      await second.accept();
      second.subscribe('srds', ['*']);
      expect((await second.accept()).resources).to.deep.equal({ 'http-80/a.test': good });
      ads.program([host('a.test', 'one', 'corrected')], clusters);
      expect((await fake.accept()).resources['http-80/a.test']).not.to.equal(undefined);
    });

    it('forgets the blame when the route has another generation', async () => {
      const fake = await ads.settled();
      ads.program([host('a.test', 'one', 'bad')], clusters);
      fake.nack(await fake.next(), 'no');
      while (ads.server.rejections(gatewayKey, () => true).length === 0) await new Promise(setImmediate);
      expect(ads.changed).to.include(gatewayKey);
      ads.program([], clusters);
      expect(ads.server.rejections(gatewayKey, () => false)).to.deep.equal([]);
    });
  });

  it('takes the listeners of a deleted Gateway away, then ends the stream', async () => {
    const fake = await ads.settled();
    ads.server.retire(gatewayKey);
    const removal = await fake.next();
    expect(removal).to.deep.include({ type: 'lds', resources: {}, removed: ['port-80'] });
    fake.ack(removal);
    expect(await fake.status).to.include({ code: status.PERMISSION_DENIED });
    expect(fake.waiting).to.equal(0);
  });

  it('closes the listeners of a Gateway that has no valid one, and opens them again', async () => {
    const fake = await ads.settled();
    ads.server.closeListeners(gatewayKey);
    expect(await fake.accept()).to.deep.include({ type: 'lds', resources: {}, removed: ['port-80'] });
    ads.program([host('a.test', 'one')], { one: [1001] });
    const opened = await fake.accept();
    expect([opened.type, Object.keys(opened.resources)]).to.deep.equal(['lds', ['port-80']]);
  });

  it('closes the listeners of a proxy that was away when its Gateway lost the last valid one', async () => {
    ads.server.closeListeners(gatewayKey);
    const before = toXds(irGateway(80, [], {}));
    const fake = await ads.proxy();
    fake.subscribe('lds', ['*'], { 'port-80': before.lds.get('port-80')?.version ?? '' });
    expect(await fake.accept()).to.deep.include({ type: 'lds', resources: {}, removed: ['port-80'] });
  });

  it('says that a proxy serves once it has acknowledged listeners and scopes', async () => {
    ads.program([host('a.test', 'one')], { one: [1001] });
    const fake = await ads.proxy();
    fake.subscribe('cds', ['*']);
    await fake.accept();
    fake.subscribe('eds', ['one']);
    await fake.accept();
    fake.subscribe('lds', ['*']);
    await fake.accept();
    fake.subscribe('srds', ['*']);
    const scopes = await fake.next();
    expect(ads.server.served(gatewayKey), 'it may serve all of them, from before').to.equal(undefined);
    fake.ack(scopes);
    while (ads.server.served(gatewayKey)?.[0] !== 'http-80') await new Promise(setImmediate);
    fake.close();
    while (ads.changed.length < 5) await new Promise(setImmediate);
    expect(ads.server.served(gatewayKey), 'a proxy goes on serving when its stream ends').to.deep.equal([
      'http-80',
    ]);
    ads.server.update(gatewayKey, toXds(irGateway(81, [], {})));
    expect(ads.server.served(gatewayKey), 'listeners changed').to.deep.equal([]);
  });
});
