import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { pino } from 'pino';
import { controllerDnsName } from '../dataplane/bootstrap.ts';
import { createAuthority, issue } from '../dataplane/pki.ts';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import type { IrHost } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { toXds } from '../xds/to-xds.ts';
import { AdsServer, proxyIdentity } from './ads-server.ts';
import { FakeEnvoy } from './fake-envoy.fixture.ts';

const gatewayKey = 'test/gateway';

describe('AdsServer', () => {
  let authority: KeyAndCertificate;
  let server: AdsServer;
  let port: number;
  let changed: string[];
  const proxies: FakeEnvoy[] = [];

  const proxy = async (uri = proxyIdentity(gatewayKey), signer = authority): Promise<FakeEnvoy> => {
    const own = await issue({
      authority: signer,
      commonName: 'proxy',
      subjectAltName: { type: 'url', value: uri },
      usage: 'client',
      notBefore: new Date(),
      validityDays: 1,
    });
    const fake = new FakeEnvoy(port, authority.certificate, own);
    proxies.push(fake);
    return fake;
  };
  const host = (hostname: string, cluster: string, route = hostname): IrHost =>
    irHost(hostname, [irRoute(route, { action: forward([cluster, 1]) })]);
  const program = (hosts: IrHost[], clusters: Record<string, number[]>): void => {
    server.update(gatewayKey, toXds(irGateway(80, hosts, clusters)));
  };
  /** A proxy that has subscribed to everything and has acknowledged one host a.test with the cluster one. */
  const settled = async (): Promise<FakeEnvoy> => {
    program([host('a.test', 'one')], { one: [1001] });
    const fake = await proxy();
    for (const type of ['cds', 'lds', 'srds'] as const) fake.subscribe(type, ['*']);
    fake.subscribe('eds', ['one']);
    for (let count = 0; count < 4; count += 1) await fake.accept();
    return fake;
  };

  before(async () => {
    authority = await createAuthority(new Date());
  });

  beforeEach(async () => {
    const own = await issue({
      authority,
      commonName: 'controller',
      subjectAltName: { type: 'dns', value: controllerDnsName },
      usage: 'server',
      notBefore: new Date(),
      validityDays: 1,
    });
    changed = [];
    server = new AdsServer({
      log: pino({ level: 'silent' }),
      tls: { ca: authority.certificate, ...own },
      proxyChanged: (key) => changed.push(key),
    });
    port = await server.listen('127.0.0.1:0');
  });

  afterEach(() => {
    for (const fake of proxies.splice(0)) fake.close();
    server.close();
  });

  describe('who may have what', () => {
    it('turns away a certificate that names no Gateway', async () => {
      program([], {});
      const fake = await proxy('routeproof://other/thing');
      expect(await fake.status).to.include({ code: status.PERMISSION_DENIED });
    });

    it('gives a proxy its own Gateway only', async () => {
      program([host('a.test', 'one')], { one: [1001] });
      server.update('test/other', toXds(irGateway(80, [host('b.test', 'two')], { two: [1] })));
      const fake = await proxy(proxyIdentity('test/other'));
      fake.subscribe('srds', ['*']);
      fake.subscribe('cds', ['*']);
      expect(Object.keys((await fake.next()).resources)).to.deep.equal(['two']);
    });

    it('refuses a certificate of another authority', async () => {
      program([], {});
      const fake = await proxy(proxyIdentity(gatewayKey), await createAuthority(new Date()));
      expect(await fake.status).to.include({ code: status.UNAVAILABLE });
    });
  });

  it('answers a first subscription even with nothing', async () => {
    program([], {});
    const fake = await proxy();
    fake.subscribe('srds', []);
    expect(await fake.next()).to.deep.include({ type: 'srds', resources: {}, removed: [] });
  });

  describe('order', () => {
    it('sends a scope only after its new cluster and its endpoints are acknowledged', async () => {
      const fake = await settled();
      program([host('a.test', 'two')], { two: [1002] });
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
      const fake = await settled();
      program([host('a.test', 'one', 'first')], { one: [1001] });
      const first = await fake.next();
      for (const name of ['second', 'third']) program([host('a.test', 'one', name)], { one: [1001] });
      program([host('a.test', 'one', 'last'), host('b.test', 'one')], { one: [1001] });
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
    program([same, host('new.test', 'one')], { one: [1001] });
    const before = toXds(irGateway(80, [gone, same], { one: [1001] }));
    const versions = Object.fromEntries(
      [...before.srds.values()].map(({ name, version }) => [name, version]),
    );
    const fake = await proxy();
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
      const fake = await settled();
      const names = ['b', 'c', 'bad', 'd', 'e'].map((name) => `${name}.test`);
      program([host('a.test', 'one'), ...names.map((name) => host(name, 'one'))], clusters);
      const accepted = new Set<string>();
      while (server.rejections(gatewayKey, () => true).length === 0 || accepted.size < 4) {
        const response = await fake.next();
        const sent = Object.keys(response.resources);
        if (sent.includes('http-80/bad.test')) fake.nack(response, 'bad regex');
        else {
          fake.ack(response);
          for (const name of sent) accepted.add(name);
        }
      }
      expect([...accepted].sort()).to.deep.equal(['b', 'c', 'd', 'e'].map((name) => `http-80/${name}.test`));
      expect(server.rejections(gatewayKey, () => true)).to.deep.equal([
        {
          resource: 'http-80/bad.test',
          type: 'srds',
          message: 'bad regex',
          source: { kind: 'GRPCRoute', key: 'test/bad.test' },
          generation: 1,
        },
      ]);
    });

    it('is not sent again until the resource changes, and new proxies get the last good version', async () => {
      const fake = await settled();
      const good = toXds(irGateway(80, [host('a.test', 'one')], clusters)).srds.get(
        'http-80/a.test',
      )?.version;
      program([host('a.test', 'one', 'bad')], clusters);
      fake.nack(await fake.next(), 'no');
      const second = await proxy();
      second.subscribe('cds', ['*']);
      await second.accept();
      second.subscribe('eds', ['one']);
      await second.accept();
      second.subscribe('srds', ['*']);
      expect((await second.accept()).resources).to.deep.equal({ 'http-80/a.test': good });
      program([host('a.test', 'one', 'corrected')], clusters);
      expect((await fake.accept()).resources['http-80/a.test']).not.to.equal(undefined);
    });

    it('forgets the blame when the route has another generation', async () => {
      const fake = await settled();
      program([host('a.test', 'one', 'bad')], clusters);
      fake.nack(await fake.next(), 'no');
      while (server.rejections(gatewayKey, () => true).length === 0) await new Promise(setImmediate);
      expect(changed).to.include(gatewayKey);
      program([], clusters);
      expect(server.rejections(gatewayKey, () => false)).to.deep.equal([]);
    });
  });

  it('says that a proxy serves once it has acknowledged listeners and scopes', async () => {
    program([host('a.test', 'one')], { one: [1001] });
    const fake = await proxy();
    fake.subscribe('cds', ['*']);
    await fake.accept();
    fake.subscribe('eds', ['one']);
    await fake.accept();
    fake.subscribe('lds', ['*']);
    await fake.accept();
    fake.subscribe('srds', ['*']);
    const scopes = await fake.next();
    expect(server.isServed(gatewayKey)).to.equal(false);
    fake.ack(scopes);
    while (server.isServed(gatewayKey) !== true) await new Promise(setImmediate);
    fake.close();
    while (changed.length < 5) await new Promise(setImmediate);
    expect(server.isServed(gatewayKey), 'a proxy goes on serving when its stream ends').to.equal(true);
    server.update(gatewayKey, toXds(irGateway(81, [], {})));
    expect(server.isServed(gatewayKey), 'listeners changed').to.equal(false);
  });
});
