import { expect } from 'chai';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import type { IrGateway, IrHost } from '../ir/ir.ts';
import { irGateway } from '../xds/ir.fixture.ts';
import { toXds } from '../xds/to-xds.ts';
import { AdsFixture, newAuthority, toCluster } from './ads-server.fixture.ts';
import type { FakeEnvoy, FakeResponse } from './fake-envoy.fixture.ts';

describe('a listener that joins others', () => {
  let authority: KeyAndCertificate;
  let ads: AdsFixture;
  const one = { one: [1001] };
  const both = { ...one, two: [1002] };

  /** Port 80 as in `settled`, and port 81 with these hosts. */
  const withPort81 = (hosts: IrHost[], clusters: Record<string, number[]>): IrGateway => {
    const gateway = irGateway(80, [toCluster('a.test', 'one')], clusters);
    gateway.ports.push({ port: 81, protocol: 'HTTP', tables: [{ id: 'http-81', hosts }] });
    return gateway;
  };
  const seen = ({ type, resources, removed }: FakeResponse): [string, string[], string[]] => [
    type,
    Object.keys(resources),
    removed,
  ];
  /** What a proxy brings along that already has `gateway`. */
  const versions = (gateway: IrGateway, type: 'cds' | 'lds' | 'srds' | 'eds'): Record<string, string> =>
    Object.fromEntries([...toXds(gateway)[type].values()].map(({ name, version }) => [name, version]));
  const nextIs = async (
    fake: FakeEnvoy,
    ...expected: [string, string[], string[]]
  ): Promise<FakeResponse> => {
    const response = await fake.next();
    expect(seen(response)).to.deep.equal(expected);
    return response;
  };

  before(async () => {
    authority = await newAuthority();
  });

  beforeEach(async () => {
    ads = await AdsFixture.start(authority);
  });

  afterEach(() => ads.stop());

  it('comes after its scopes are acknowledged, and those after their new cluster', async () => {
    const fake = await ads.settled();
    ads.update(withPort81([toCluster('a.test', 'two')], both));
    fake.ack(await nextIs(fake, 'cds', ['two'], []));
    fake.subscribe('eds', ['two']);
    fake.ack(await nextIs(fake, 'eds', ['two'], []));
    const scope = await nextIs(fake, 'srds', ['http-81/a.test'], []);
    // Had the listener been sent with the scope, it would come before this.
    ads.update(withPort81([toCluster('a.test', 'two')], { ...both, three: [1003] }));
    await nextIs(fake, 'cds', ['three'], []);
    fake.ack(scope);
    await nextIs(fake, 'lds', ['port-81'], []);
  });

  it('does not wait for a scope that the proxy refuses', async () => {
    const fake = await ads.settled();
    ads.update(withPort81([toCluster('bad.test', 'one'), toCluster('good.test', 'one')], one));
    fake.nack(await nextIs(fake, 'srds', ['http-81/bad.test', 'http-81/good.test'], []), 'no');
    fake.nack(await nextIs(fake, 'srds', ['http-81/bad.test'], []), 'no');
    fake.ack(await nextIs(fake, 'srds', ['http-81/good.test'], []));
    await nextIs(fake, 'lds', ['port-81'], []);
  });

  it('does not wait for scopes that came up after it', async () => {
    const fake = await ads.settled();
    const hosts = [toCluster('first.test', 'one')];
    ads.update(withPort81(hosts, one));
    const first = await nextIs(fake, 'srds', ['http-81/first.test'], []);
    ads.update(withPort81([...hosts, toCluster('later.test', 'one')], one));
    fake.ack(first);
    await nextIs(fake, 'srds', ['http-81/later.test'], []);
    await nextIs(fake, 'lds', ['port-81'], []);
  });

  it('waits for a scope of its own that is being taken away', async () => {
    const fake = await ads.settled();
    const hosts = [toCluster('a.test', 'one')];
    ads.update(withPort81(hosts, one));
    fake.ack(await nextIs(fake, 'srds', ['http-81/a.test'], []));
    fake.ack(await nextIs(fake, 'lds', ['port-81'], []));
    ads.program([toCluster('a.test', 'one')], one);
    const removal = await nextIs(fake, 'srds', [], ['http-81/a.test']);
    fake.ack(await nextIs(fake, 'lds', [], ['port-81']));
    ads.update(withPort81(hosts, one));
    fake.ack(removal);
    fake.ack(await nextIs(fake, 'srds', ['http-81/a.test'], []));
    await nextIs(fake, 'lds', ['port-81'], []);
  });

  it('waits for the scopes of a new table in a listener that is there', async () => {
    const fake = await ads.settled();
    const gateway = irGateway(80, [toCluster('a.test', 'one')], one);
    gateway.ports[0]?.tables.push({ id: 'more', hosts: [toCluster('b.test', 'one')] });
    ads.update(gateway);
    const scope = await nextIs(fake, 'srds', ['more/b.test'], []);
    ads.update({ ...gateway, clusters: irGateway(80, [], both).clusters });
    await nextIs(fake, 'cds', ['two'], []);
    fake.ack(scope);
    await nextIs(fake, 'lds', ['port-80'], []);
  });

  it('is sent at once to a proxy that has no listener, which asks for scopes later', async () => {
    ads.update(withPort81([toCluster('a.test', 'one')], one));
    const fake = await ads.proxy();
    fake.subscribe('lds', ['*']);
    await nextIs(fake, 'lds', ['port-80', 'port-81'], []);
  });

  describe('at a proxy that comes back', () => {
    const before = irGateway(80, [toCluster('a.test', 'one')], one);
    const connect = async (): Promise<FakeEnvoy> => {
      ads.update(withPort81([toCluster('a.test', 'one')], one));
      const fake = await ads.proxy();
      fake.subscribe('cds', ['*'], versions(before, 'cds'));
      fake.subscribe('eds', ['one'], versions(before, 'eds'));
      fake.subscribe('lds', ['*'], versions(before, 'lds'));
      return fake;
    };

    it('waits for the subscription to scopes that follows', async () => {
      const fake = await connect();
      const clusters = await nextIs(fake, 'cds', [], []);
      fake.subscribe('srds', ['*'], versions(before, 'srds'));
      const scope = await nextIs(fake, 'srds', ['http-81/a.test'], []);
      fake.ack(clusters);
      ads.update(withPort81([toCluster('a.test', 'one')], both));
      await nextIs(fake, 'cds', ['two'], []);
      fake.ack(scope);
      await nextIs(fake, 'lds', ['port-81'], []);
    });

    it('is sent when the proxy answers without having asked for scopes', async () => {
      const fake = await connect();
      fake.ack(await nextIs(fake, 'cds', [], []));
      await nextIs(fake, 'lds', ['port-81'], []);
    });
  });
});
