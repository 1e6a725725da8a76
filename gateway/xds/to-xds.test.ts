import { expect } from 'chai';
import type { IrGateway } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from './ir.fixture.ts';
import type { XdsSnapshot } from './resource.ts';
import { toXds } from './to-xds.ts';
import { XdsDelta } from './xds-delta.ts';

describe('toXds', () => {
  const host = (name: string, cluster = 'one') =>
    irHost(name, [irRoute(name, { action: forward([cluster, 1]) })]);
  const gateway = (hosts = [host('a.test'), host('b.test'), host('*.test'), host('*')]): IrGateway =>
    irGateway(80, hosts, { one: [1001] });
  const versions = (snapshot: XdsSnapshot, type: keyof XdsSnapshot): Record<string, string> =>
    Object.fromEntries([...snapshot[type]].map(([name, { version }]) => [name, version]));

  it('makes one scope a hostname and one for all wildcards', () => {
    expect([...toXds(gateway()).srds.keys()]).to.deep.equal([
      'http-80/a.test',
      'http-80/b.test',
      'http-80/*',
    ]);
  });

  it('says which clusters a scope needs and which routes it is made of', () => {
    const mirrored = irRoute('m', {
      action: forward(['one', 1], [undefined, 1]),
      mirrors: [{ cluster: 'two', numerator: 1, denominator: 2 }],
    });
    const scope = toXds(gateway([irHost('a.test', [mirrored])])).srds.get('http-80/a.test');
    expect(scope?.needs).to.deep.equal(['two', 'one']);
    expect(scope?.routes).to.deep.equal([{ source: { kind: 'GRPCRoute', key: 'test/m' }, generation: 1 }]);
  });

  it('gives the same versions for the same input', () => {
    for (const type of ['cds', 'eds', 'lds', 'srds'] as const) {
      expect(versions(toXds(gateway()), type)).to.deep.equal(versions(toXds(gateway()), type));
    }
  });

  it('changes only the scope of a changed host', () => {
    const before = toXds(gateway());
    const after = toXds(gateway([host('a.test', 'two'), host('b.test'), host('*.test'), host('*')]));
    expect(versions(after, 'lds')).to.deep.equal(versions(before, 'lds'));
    expect(versions(after, 'cds')).to.deep.equal(versions(before, 'cds'));
    const changed = [...after.srds].filter(
      ([name, { version }]) => before.srds.get(name)?.version !== version,
    );
    expect(changed.map(([name]) => name)).to.deep.equal(['http-80/a.test']);
  });

  it('changes the endpoints but not the cluster when an endpoint comes', () => {
    const before = toXds(irGateway(80, [], { one: [1001] }));
    const after = toXds(irGateway(80, [], { one: [1001, 1002] }));
    expect(versions(after, 'cds')).to.deep.equal(versions(before, 'cds'));
    expect(versions(after, 'eds')).not.to.deep.equal(versions(before, 'eds'));
  });

  it('makes a cluster whose TLS settings change another one', () => {
    const tls = {
      serverName: 'a.test',
      caPem: 'PEM',
      subjectAltNames: [{ type: 'dns' as const, value: '*.test' }],
    };
    const secured = (settings?: typeof tls): IrGateway => {
      const plain = irGateway(80, [], { one: [1001] });
      const clusters = plain.clusters.map((cluster) => ({ ...cluster, ...(settings && { tls: settings }) }));
      return { ...plain, clusters };
    };
    const delta = new XdsDelta();
    const seen = [undefined, tls, { ...tls, serverName: 'b.test' }, { ...tls, caPem: 'OTHER' }].map(
      (settings) => delta.changes(secured(settings)).cds.get('one')?.version,
    );
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('has nothing to say of what did not change', () => {
    const delta = new XdsDelta();
    const before = gateway();
    delta.changes(before);
    const same = delta.changes({ ...before, ports: before.ports.map((port) => ({ ...port })) });
    expect(Object.values(same).map(({ size }) => size)).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it('offers a stand-in for each of several routes, under a key that no table has', () => {
    const routes = ['x', 'y'].map((name) => irRoute(name, { action: forward(['one', 1]) }));
    const scope = toXds(gateway([irHost('a.test', routes)])).srds.get('http-80/a.test');
    const probes = scope?.probes?.() ?? [];
    expect(probes.map(({ route }) => route.source.key)).to.deep.equal(['test/x', 'test/y']);
    expect(probes.map(({ resource }) => resource.name)).to.deep.equal(['/probe', '/probe']);
    expect(toXds(gateway()).srds.get('http-80/a.test')?.probes).to.equal(undefined);
  });
});
