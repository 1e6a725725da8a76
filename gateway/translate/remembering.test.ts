import { expect } from 'chai';
import type { IrHost } from '../ir/ir.ts';
import { caPem } from './ca.fixture.ts';
import type {
  BackendTlsPolicy,
  ConfigMap,
  Gateway,
  GrpcRoute,
  HttpRoute,
  ListenerSet,
  ReferenceGrant,
} from './gateway-api.ts';
import { Translator } from './translator.ts';
import type { Objects, ProxyState, TranslateInput, Translation } from './types.ts';

/** Small numbers, so that routes meet on hostnames, Services and listeners. */
const kinds = 4;
const steps = 400;

/** Numerical Recipes' linear congruential generator: the same changes in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof generator>;

const hostnames = ['a.example.com', 'b.example.com', '*.example.com', '*.com', 'c.example.org'];
const meta = (name: string, generation = 1) => ({
  name,
  namespace: 'app',
  generation,
  creationTimestamp: `2026-01-01T00:00:0${name.length % 3}Z`,
});

function gateway(random: Random, generation: number): Gateway {
  const listeners = [80, 80, 81].slice(0, 1 + random(3)).map((port, index) => {
    const hostname = random(2) === 0 ? undefined : hostnames[random(hostnames.length)];
    return { name: `l${index}`, port, protocol: 'HTTP', ...(hostname === undefined ? {} : { hostname }) };
  });
  const allowedListeners = { namespaces: { from: random(4) === 0 ? 'None' : 'Same' } };
  const spec = { gatewayClassName: 'routeproof', listeners, allowedListeners };
  return { metadata: meta('gw', generation), spec };
}

function listenerSet(random: Random, name: string, generation: number): ListenerSet {
  const listeners = [80, 81, 82].slice(random(2)).map((port, index) => ({
    name: `l${index}`,
    port,
    protocol: random(5) === 0 ? 'TCP' : 'HTTP',
    ...(random(4) === 0 ? {} : { hostname: hostnames[random(hostnames.length)] ?? 'x.example.com' }),
  }));
  return { metadata: meta(name, generation), spec: { parentRef: { name: 'gw' }, listeners } };
}

const setName = (random: Random): string => `set-${'x'.repeat(random(4))}`;

function route(random: Random, name: string, generation: number): GrpcRoute & HttpRoute {
  const some = hostnames.filter(() => random(3) === 0);
  return {
    metadata: meta(name, generation),
    spec: {
      parentRefs: [
        {
          ...(random(3) === 0 ? { kind: 'ListenerSet', name: setName(random) } : { name: 'gw' }),
          ...(random(3) === 0 ? { sectionName: `l${random(3)}` } : {}),
        },
      ],
      ...(some.length === 0 ? {} : { hostnames: some }),
      rules: Array.from({ length: random(3) }, () => ({
        backendRefs: [
          { name: `svc-${random(kinds)}`, namespace: random(4) === 0 ? 'other' : 'app', port: 80 },
        ],
      })),
    },
  };
}

const first: Objects = {
  gatewayClasses: [
    { metadata: { name: 'routeproof' }, spec: { controllerName: 'routeproof.dev/gateway-controller' } },
  ],
  gateways: [],
  listenerSets: [],
  grpcRoutes: [],
  httpRoutes: [],
  referenceGrants: [],
  services: [],
  endpointSlices: [],
  secrets: [],
  namespaces: [],
  backendTlsPolicies: [],
  configMaps: [],
  crds: [],
};

const grant: ReferenceGrant = {
  metadata: { name: 'grant', namespace: 'other' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'app' }],
    to: [{ group: '', kind: 'Service' }],
  },
};

const ca: ConfigMap = { metadata: meta('ca'), data: { 'ca.crt': caPem } };

function policy(random: Random, service: string, generation: number): BackendTlsPolicy {
  const sectionName = random(2) === 0 ? undefined : `p${random(2)}`;
  const target = { group: '', kind: 'Service', name: service };
  return {
    metadata: meta(`policy-${random(kinds)}`, generation),
    spec: {
      targetRefs: [{ ...target, ...(sectionName !== undefined && { sectionName }) }],
      validation: { hostname: `h${random(2)}.example.com`, caCertificateRefs: [{ name: 'ca' }] },
    },
  };
}

function withObject<T extends { metadata: { name: string } }>(list: readonly T[], object: T): T[] {
  const index = list.findIndex(({ metadata }) => metadata.name === object.metadata.name);
  return index < 0 ? [...list, object] : list.with(index, object);
}

function without<T extends { metadata: { name: string } }>(list: readonly T[], name: string): T[] {
  return list.filter(({ metadata }) => metadata.name !== name);
}

function changed(objects: Objects, random: Random, step: number): Objects {
  const name = `r${'x'.repeat(random(9))}`;
  const service = `svc-${random(kinds)}`;
  switch (random(19)) {
    case 0:
      return { ...objects, gateways: [gateway(random, step)] };
    case 1:
      return { ...objects, services: without(objects.services, service) };
    case 2:
    case 3: {
      const object = { metadata: meta(service), spec: { ports: [{ name: `p${random(2)}`, port: 80 }] } };
      return { ...objects, services: withObject(objects.services, object) };
    }
    case 4:
      return { ...objects, endpointSlices: without(objects.endpointSlices, `${service}-1`) };
    case 5: {
      const object = {
        metadata: { ...meta(`${service}-1`), labels: { 'kubernetes.io/service-name': service } },
        ports: [{ name: `p${random(2)}`, port: 8080 }],
        endpoints: [{ addresses: [`10.0.0.${random(9)}`] }],
      };
      return { ...objects, endpointSlices: withObject(objects.endpointSlices, object) };
    }
    case 6:
      return { ...objects, grpcRoutes: without(objects.grpcRoutes, name) };
    case 7:
      return { ...objects, httpRoutes: without(objects.httpRoutes, name) };
    case 8:
      return { ...objects, grpcRoutes: objects.grpcRoutes.toReversed() };
    case 9:
      return { ...objects, httpRoutes: withObject(objects.httpRoutes, route(random, name, step)) };
    case 10:
      return { ...objects, referenceGrants: random(2) === 0 ? [] : [grant] };
    case 11:
      return { ...objects, listenerSets: without(objects.listenerSets, setName(random)) };
    case 12:
    case 13: {
      const set = listenerSet(random, setName(random), step);
      return { ...objects, listenerSets: withObject(objects.listenerSets, set) };
    }
    case 14:
      return { ...objects, configMaps: objects.configMaps.length === 0 ? [ca] : [] };
    case 15: {
      const doomed = `policy-${random(kinds)}`;
      return { ...objects, backendTlsPolicies: without(objects.backendTlsPolicies, doomed) };
    }
    case 16: {
      const object = policy(random, service, step);
      return { ...objects, backendTlsPolicies: withObject(objects.backendTlsPolicies, object) };
    }
    default:
      return { ...objects, grpcRoutes: withObject(objects.grpcRoutes, route(random, name, step)) };
  }
}

function proxyState(objects: Objects, random: Random): ProxyState {
  const bad = objects.grpcRoutes[random(20)]?.metadata;
  const source = { kind: 'GRPCRoute' as const, key: `app/${bad?.name ?? ''}` };
  return {
    addresses: [{ type: 'IPAddress', value: '10.97.0.1' }],
    ready: true,
    rejected: bad === undefined ? [] : [{ source, resource: 'x', message: 'refused' }],
  };
}

/** Statuses come back as the watch brings them: new objects with the same spec. */
function withStatuses(objects: Objects, { statuses }: Translation): Objects {
  let next = objects;
  for (const update of statuses) {
    const { name, status } = update;
    const take = <T extends { metadata: { name: string } }>(list: readonly T[]): T[] =>
      list.map((object) => (object.metadata.name === name ? { ...object, status } : object));
    if (update.kind === 'Gateway') next = { ...next, gateways: take(next.gateways) };
    if (update.kind === 'ListenerSet') next = { ...next, listenerSets: take(next.listenerSets) };
    if (update.kind === 'BackendTLSPolicy') {
      next = { ...next, backendTlsPolicies: take(next.backendTlsPolicies) };
    }
    if (update.kind === 'GRPCRoute') next = { ...next, grpcRoutes: take(next.grpcRoutes) };
    if (update.kind === 'HTTPRoute') next = { ...next, httpRoutes: take(next.httpRoutes) };
  }
  return next;
}

function text({ gateways, statuses }: Translation): string {
  return JSON.stringify([[...gateways], statuses]);
}

function hostsOf(translator: Translator, from: TranslateInput): readonly IrHost[] {
  return translator.translate(from).gateways.get('app/gw')?.ports[0]?.tables[0]?.hosts ?? [];
}

describe('Translator, with what it remembers', () => {
  for (const seed of [1, 2, 3]) {
    it(`gives what a new one gives, over ${steps} changes (seed ${seed})`, () => {
      const random = generator(seed);
      const translator = new Translator();
      let objects = first;
      for (let step = 1; step <= steps; step++) {
        objects = changed(objects, random, step);
        const input: TranslateInput = {
          objects,
          proxies: new Map([['app/gw', proxyState(objects, random)]]),
          controllerName: 'routeproof.dev/gateway-controller',
          now: '2026-01-02T03:04:05Z',
        };
        const result = translator.translate(input);
        expect(text(result), `step ${step}`).to.equal(text(new Translator().translate(input)));
        if (random(2) === 0) objects = withStatuses(objects, result);
      }
    });
  }

  it('keeps the identity of a host that a change does not concern', () => {
    const random = generator(4);
    const objects: Objects = {
      ...first,
      gateways: [
        {
          metadata: meta('gw'),
          spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'l', port: 80, protocol: 'HTTP' }] },
        },
      ],
      grpcRoutes: ['a', 'b'].map((name) => ({
        metadata: meta(name),
        spec: { parentRefs: [{ name: 'gw' }], hostnames: [`${name}.example.com`], rules: [{}] },
      })),
    };
    const input = {
      objects,
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '',
    };
    const translator = new Translator();
    const before = hostsOf(translator, input);
    const edited = { ...route(random, 'b', 2), spec: { ...objects.grpcRoutes[1]?.spec, rules: [{}, {}] } };
    const after = hostsOf(translator, {
      ...input,
      objects: { ...objects, grpcRoutes: withObject(objects.grpcRoutes, edited) },
    });
    expect(after.map(({ hostname }) => hostname)).to.deep.equal(['a.example.com', 'b.example.com', '*']);
    expect(after[0]).to.equal(before[0]);
    expect(after[1]).not.to.equal(before[1]);
    expect(after[2]).to.equal(before[2]);
  });

  it('keeps the identity of hosts that a ListenerSet does not concern', () => {
    const input = {
      objects: {
        ...first,
        gateways: [
          {
            metadata: meta('gw'),
            spec: {
              gatewayClassName: 'routeproof',
              allowedListeners: { namespaces: { from: 'Same' } },
              listeners: [{ name: 'l', port: 80, protocol: 'HTTP', hostname: 'a.example.com' }],
            },
          },
        ],
        grpcRoutes: [{ metadata: meta('a'), spec: { parentRefs: [{ name: 'gw' }], rules: [{}] } }],
      },
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '',
    };
    const translator = new Translator();
    const before = hostsOf(translator, input);
    const set = {
      metadata: meta('set'),
      spec: {
        parentRef: { name: 'gw' },
        listeners: [{ name: 'l', port: 80, protocol: 'HTTP', hostname: 'b.example.com' }],
      },
    };
    const after = hostsOf(translator, { ...input, objects: { ...input.objects, listenerSets: [set] } });
    expect(after.map(({ hostname }) => hostname)).to.deep.equal(['a.example.com', 'b.example.com']);
    expect(after[0]).to.equal(before[0]);
  });

  it('gives the very same IR when only a status has changed', () => {
    const translator = new Translator();
    const input = {
      objects: { ...first, gateways: [gateway(generator(5), 1)], grpcRoutes: [route(generator(6), 'r', 1)] },
      proxies: new Map(),
      controllerName: 'routeproof.dev/gateway-controller',
      now: '2026-01-02T03:04:05Z',
    };
    const before = translator.translate(input);
    const after = translator.translate({ ...input, objects: withStatuses(input.objects, before) });
    expect(after.gateways.get('app/gw')).to.equal(before.gateways.get('app/gw'));
    expect(after.statuses.map(({ kind }) => kind)).to.deep.equal(['GatewayClass']);
  });
});
