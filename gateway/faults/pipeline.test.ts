import { expect } from 'chai';
import type { IrGateway } from '../ir/ir.ts';
import type { GrpcRoute } from '../translate/model/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../translate/model/types.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { messageType } from '../xds/protos.ts';
import { snapshotOf, toXds } from '../xds/to-xds.ts';
import { XdsDelta } from '../xds/xds-delta.ts';
import { onRoutes } from './hooks/ir.ts';
import { onObjects } from './hooks/objects.ts';
import { claimsTrue } from './hooks/statuses.ts';
import { onConnectionManagers, onRouteActions } from './hooks/xds.ts';
import { faulty } from './pipeline.ts';
import { slowdowns } from './slowdowns.ts';
import type { XdsResource } from '../xds/resource.ts';

const route: GrpcRoute = {
  metadata: { name: 'r', namespace: 'shop', generation: 2 },
  spec: { hostnames: ['a.example.com'] },
};

function input(more: Partial<TranslateInput['objects']> = {}): TranslateInput {
  const empty = {
    gatewayClasses: [],
    gateways: [],
    listenerSets: [],
    backendTlsPolicies: [],
    configMaps: [],
    crds: [],
    httpRoutes: [],
    referenceGrants: [],
    services: [],
  };
  const objects = { ...empty, grpcRoutes: [route], endpointSlices: [], secrets: [], namespaces: [], ...more };
  return { objects, proxies: new Map(), controllerName: 'ours', now: '2026-01-31T12:00:00Z' };
}

const refused = (time: string): StatusUpdate => ({
  kind: 'GRPCRoute',
  namespace: 'shop',
  name: 'r',
  status: {
    parents: [
      {
        parentRef: { name: 'gw' },
        controllerName: 'ours',
        conditions: [
          { type: 'Accepted', status: 'False', reason: 'Bad', message: 'bad', lastTransitionTime: time },
        ],
      },
    ],
  },
});

describe('a pipeline with a fault', () => {
  const action = forward(['test/v1', 1]);
  const ir = irGateway(80, [irHost('a.example.com', [irRoute('r', { action })])], { 'test/v1': [9000] });

  const changesOf = (each: IrGateway, delta: XdsDelta) => delta.changes(each);
  const none = new Set<string>();

  it('is the real one without hooks', () => {
    const translation = {
      gateways: new Map([['test/gw', ir]]),
      statuses: [],
      listenerless: none,
      usedClasses: none,
    };
    const pipeline = faulty({ translate: () => translation, toXds: changesOf }, {});
    expect(pipeline.translate(input()).gateways.get('test/gw')).to.equal(ir);
    const told = snapshotOf(pipeline.toXds(ir, new XdsDelta()));
    expect([...told.srds.values()].map(({ version }) => version)).to.deep.equal(
      [...toXds(ir).srds.values()].map(({ version }) => version),
    );
  });

  it('gives the same object for what did not change', () => {
    const hook = onRoutes((each) => ({ ...each, name: `${each.name}/x` }));
    expect(hook(ir)).to.equal(hook(ir)).and.not.to.equal(ir);
    const hide = onObjects('grpcRoutes', () => undefined);
    const one = input();
    expect(hide(one).objects.grpcRoutes).to.equal(hide(one).objects.grpcRoutes).and.to.deep.equal([]);
    const nothing = onObjects('grpcRoutes', (each) => each);
    expect(nothing(one)).to.equal(one);
  });

  it('tells everything for one change where a slowdown asks for that, and what is gone', () => {
    const fullPush = slowdowns.find(({ name }) => name === 'full-push');
    const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
    const hosts = ['a', 'b', 'c'].map((name) => irHost(`${name}.example.com`, [irRoute('r', { action })]));
    const first = irGateway(80, hosts, { 'test/v1': [9000] });
    const next = irGateway(80, [irHost('a.example.com', [irRoute('s', { action })]), ...hosts.slice(1, 2)], {
      'test/v1': [9000],
    });
    let now = first;
    const translate = () => ({
      gateways: new Map([['test/gw', now]]),
      statuses: [],
      listenerless: none,
      usedClasses: none,
    });
    const pipeline = faulty({ translate, toXds: changesOf }, fullPush?.hooks(context) ?? {});
    const delta = new XdsDelta();
    const tell = (): Map<string, XdsResource | undefined> => {
      const { gateways } = pipeline.translate(input());
      return new Map(pipeline.toXds(gateways.get('test/gw') ?? now, delta).srds);
    };
    const before = tell();
    now = next;
    const after = tell();
    expect([...after.keys()].sort()).to.deep.equal([...before.keys()].sort());
    const versions = [...after.keys()].map((name) => [before.get(name)?.version, after.get(name)?.version]);
    for (const [old, fresh] of versions) expect(fresh).to.not.equal(old);
    expect([...after.values()].filter((resource) => resource === undefined)).to.have.length(1);
  });

  it('lies in a status once, not again and again', () => {
    const seen: StatusUpdate[] = [];
    const translate = () => ({
      gateways: new Map<string, IrGateway>(),
      statuses: seen,
      listenerless: none,
      usedClasses: none,
    });
    const pipeline = faulty({ translate, toXds: changesOf }, { statuses: claimsTrue('Accepted') });
    seen.push(refused('2026-01-31T12:00:00Z'));
    const [first] = pipeline.translate(input()).statuses;
    const told = first?.kind === 'GRPCRoute' ? first.status : { parents: [] };
    expect(told.parents[0]?.conditions?.[0]).to.include({ status: 'True', reason: 'Accepted' });
    seen[0] = refused('2026-01-31T12:00:07Z');
    const stored = input({ grpcRoutes: [{ ...route, status: told }] });
    expect(pipeline.translate(stored).statuses).to.deep.equal([]);
  });

  it('changes what Envoy is told, under another version', () => {
    const edit = onRouteActions((action) => {
      action['timeout'] = { seconds: 15 };
    });
    const pipeline = faulty(
      {
        translate: () => ({ gateways: new Map(), statuses: [], listenerless: none, usedClasses: none }),
        toXds: changesOf,
      },
      { xds: (resource) => edit(resource) },
    );
    const [real] = toXds(ir).srds.values();
    const [changed] = pipeline.toXds(ir, new XdsDelta()).srds.values();
    expect(changed?.version).not.to.equal(real?.version);
    expect(changed?.needs).to.deep.equal(real?.needs);
    const scope = decoded(changed?.entry, 'envoy.config.route.v3.ScopedRouteConfiguration');
    expect(JSON.stringify(scope)).to.contain('"timeout":{"seconds":15}');
  });

  it('reaches into what a listener has packed', () => {
    const edit = onConnectionManagers((manager) => {
      manager['codec_type'] = 'HTTP1';
    });
    const [listener] = toXds(ir).lds.values();
    if (listener === undefined) throw new Error('there is a listener');
    const changed = edit(listener);
    expect(changed.version).not.to.equal(listener.version);
    expect(edit(changed).version, 'a second time nothing is left to change').to.equal(changed.version);
  });
});

function decoded(entry: Uint8Array | undefined, type: string): object {
  const response = messageType('envoy.service.discovery.v3.DeltaDiscoveryResponse').decode(
    entry ?? new Uint8Array(),
  ) as unknown as { resources: { resource: { value: Uint8Array } }[] };
  const value = response.resources[0]?.resource.value ?? new Uint8Array();
  return messageType(type).toObject(messageType(type).decode(value), { longs: Number });
}
