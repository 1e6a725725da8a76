import { caPem } from './backends/ca.fixture.ts';
import type {
  BackendTlsPolicy,
  ConfigMap,
  Gateway,
  GrpcRoute,
  HttpRoute,
  ListenerSet,
  Namespace,
  ReferenceGrant,
} from './model/gateway-api.ts';
import type { Objects, ProxyState, Translation } from './model/types.ts';

/** Small numbers, so that routes meet on hostnames, Services and listeners. */
const kinds = 4;

/** Numerical Recipes' linear congruential generator: the same changes in every run. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export type Random = ReturnType<typeof generator>;

const hostnames = ['a.example.com', 'b.example.com', '*.example.com', '*.com', 'c.example.org'];
export const meta = (name: string, generation = 1) => ({
  name,
  namespace: 'app',
  generation,
  creationTimestamp: `2026-01-01T00:00:0${name.length % 3}Z`,
});

export function gateway(random: Random, generation: number, name = 'gw'): Gateway {
  const listeners = [80, 80, 81].slice(0, 1 + random(3)).map((port, index) => {
    const hostname = random(2) === 0 ? undefined : hostnames[random(hostnames.length)];
    const from = ['Same', 'All', 'Selector'][random(3)] ?? 'Same';
    const namespaces = { from, ...(from === 'Selector' && { selector: { matchLabels: { team: 'a' } } }) };
    const allowedRoutes = { namespaces };
    return { name: `l${index}`, port, protocol: 'HTTP', allowedRoutes, ...(hostname && { hostname }) };
  });
  const allowedListeners = { namespaces: { from: random(4) === 0 ? 'None' : 'Same' } };
  const isDefault = random(2) === 0;
  const spec = {
    gatewayClassName: 'routeproof',
    listeners,
    allowedListeners,
    ...(isDefault && { defaultScope: 'All' }),
  };
  return { metadata: meta(name, generation), spec };
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

const serviceNamespace = (service: string): string => (service === 'svc-3' ? 'other' : 'app');

const gatewayName = (random: Random): string => (random(4) === 0 ? 'other-gw' : 'gw');

/** A route of one name is always in the same namespace. */
const namespaceOf = (name: string): string => (name.length % 4 === 0 ? 'team' : 'app');

export function route(random: Random, name: string, generation: number): GrpcRoute & HttpRoute {
  const some = hostnames.filter(() => random(3) === 0);
  return {
    metadata: { ...meta(name, generation), namespace: namespaceOf(name) },
    spec: {
      parentRefs: [
        {
          namespace: 'app',
          ...(random(3) === 0
            ? { kind: 'ListenerSet', name: setName(random) }
            : { name: gatewayName(random) }),
          ...(random(3) === 0 ? { sectionName: `l${random(3)}` } : {}),
        },
      ],
      ...(some.length === 0 ? {} : { hostnames: some }),
      ...(random(3) === 0 && { useDefaultGateways: 'All' }),
      rules: Array.from({ length: random(3) }, () => ({
        backendRefs: [
          { name: `svc-${random(kinds)}`, namespace: random(4) === 0 ? 'other' : 'app', port: 80 },
          { name: 'svc-3', namespace: 'other', port: 80 },
        ],
      })),
    },
  };
}

export const first: Objects = {
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

const grants = ['app', 'team'].map((from): ReferenceGrant => ({
  metadata: { name: `from-${from}`, namespace: 'other' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: from }],
    to: [{ group: '', kind: 'Service' }],
  },
}));

function namespace(random: Random): Namespace {
  return { metadata: { name: 'team', labels: { team: random(2) === 0 ? 'a' : 'b' } } };
}

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

export function withObject<T extends { metadata: { name: string } }>(list: readonly T[], object: T): T[] {
  const index = list.findIndex(({ metadata }) => metadata.name === object.metadata.name);
  return index < 0 ? [...list, object] : list.with(index, object);
}

function without<T extends { metadata: { name: string } }>(list: readonly T[], name: string): T[] {
  return list.filter(({ metadata }) => metadata.name !== name);
}

export function changed(objects: Objects, random: Random, step: number): Objects {
  const name = `r${'x'.repeat(random(9))}`;
  const service = `svc-${random(kinds)}`;
  switch (random(23)) {
    case 0:
      return {
        ...objects,
        gateways: withObject(objects.gateways, gateway(random, step, gatewayName(random))),
      };
    case 1:
      return { ...objects, services: without(objects.services, service) };
    case 2:
    case 3: {
      const object = {
        metadata: { ...meta(service), namespace: serviceNamespace(service) },
        spec: { ports: [{ name: `p${random(2)}`, port: 80 }] },
      };
      return { ...objects, services: withObject(objects.services, object) };
    }
    case 4:
      return { ...objects, endpointSlices: without(objects.endpointSlices, `${service}-1`) };
    case 5: {
      const object = {
        metadata: {
          ...meta(`${service}-1`),
          namespace: serviceNamespace(service),
          labels: { 'kubernetes.io/service-name': service },
        },
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
      return { ...objects, referenceGrants: grants.filter(() => random(2) === 0) };
    case 17:
      return { ...objects, namespaces: withObject(objects.namespaces, namespace(random)) };
    case 18:
      return { ...objects, namespaces: without(objects.namespaces, 'team') };
    case 19:
      return { ...objects, gateways: without(objects.gateways, gatewayName(random)) };
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

export function proxyState(objects: Objects, random: Random): ProxyState {
  const bad = objects.grpcRoutes[random(20)]?.metadata;
  const source = { kind: 'GRPCRoute' as const, key: `${bad?.namespace ?? ''}/${bad?.name ?? ''}` };
  return {
    addresses: [{ type: 'IPAddress', value: '10.97.0.1' }],
    ready: true,
    rejected: bad === undefined ? [] : [{ source, resource: 'x', message: 'refused' }],
  };
}

/** Statuses come back as the watch brings them: new objects with the same spec. */
export function withStatuses(objects: Objects, { statuses }: Translation): Objects {
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
