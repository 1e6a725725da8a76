import { keyOf } from '../../../common/object-key.ts';
import type { IrGateway } from '../../ir/ir.ts';
import type { Gateway, Listener } from '../../translate/model/gateway-api.ts';
import { adminPort } from '../../xds/container-port.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts, onTables } from '../hooks/ir.ts';
import { remembered } from '../hooks/memo.ts';
import { mapListeners, onObjects, onParentRefs } from '../hooks/objects.ts';

/** Edits listeners as they are written; undefined leaves one out. */
function onListeners(
  edit: (listener: Listener, gateway: Gateway, index: number) => Listener | undefined,
): FaultHooks {
  return {
    input: onObjects('gateways', (gateway) =>
      mapListeners(gateway, (listener, index) => edit(listener, gateway, index)),
    ),
  };
}

function allowing(
  change: (allowed: NonNullable<Listener['allowedRoutes']>) => Listener['allowedRoutes'],
): FaultHooks {
  return onListeners((listener) => {
    const allowedRoutes = change(listener.allowedRoutes ?? {});
    return { ...listener, ...(allowedRoutes && { allowedRoutes }) };
  });
}

function withoutInParentRefs(drop: 'sectionName' | 'port'): FaultHooks {
  return { input: onParentRefs(({ [drop]: _dropped, ...ref }) => ref) };
}

const first = <T>(memory: Map<string, T>, key: string, value: T): T => {
  const known = memory.get(key) ?? value;
  memory.set(key, known);
  return known;
};

/** What listeners take, and where they serve it. */
export const listeners: readonly Fault[] = [
  {
    name: 'listener-kind-group-ignored',
    title: 'A listener that allows a kind of another group allows the GRPCRoutes of Gateway API.',
    clauses: ['listener-kinds-invalid-only'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((allowed) => ({ ...allowed, kinds: (allowed.kinds ?? []).map(({ kind }) => ({ kind })) })),
  },
  {
    name: 'listeners-beyond-eight-unserved',
    title: 'Of a Gateway with more than eight listeners the others get no routes.',
    clauses: ['listener-distinct-required', 'parentref-sectionname-selects-listener'],
    layers: ['routed', 'status'],
    hooks: () =>
      onListeners((listener, _gateway, index) =>
        index < 8 ? listener : { ...listener, hostname: `unserved-${String(index)}.example.invalid` },
      ),
  },
  {
    name: 'allowed-kinds-ignored',
    title: 'A listener that allows HTTPRoutes only takes GRPCRoutes.',
    clauses: ['parentref-kind-not-allowed', 'listener-supportedkinds-restricted'],
    layers: ['status', 'routed'],
    reference: 'nginx/nginx-gateway-fabric#2299',
    hooks: () => allowing(({ kinds: _kinds, ...allowed }) => allowed),
  },
  {
    name: 'explicit-kinds-dead',
    title: 'Routes of a listener that names GRPCRoute among its kinds are Accepted and not served.',
    clauses: ['listener-kinds-grpcroute-accepted'],
    layers: ['routed'],
    reference: 'cilium/cilium#44824',
    hooks: () => {
      const named = new Set<string>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways)
            for (const { allowedRoutes, port } of gateway.spec.listeners ?? [])
              if (allowedRoutes?.kinds?.some(({ kind }) => kind === 'GRPCRoute') === true)
                named.add(`${keyOf(gateway)} ${port}`);
          return input;
        },
        ir: onHosts((host, { gateway, port }) =>
          named.has(`${gateway.key} ${port.port}`)
            ? { ...host, routes: host.routes.filter(({ source }) => source.kind !== 'GRPCRoute') }
            : host,
        ),
      };
    },
  },
  {
    name: 'namespaces-default-to-all',
    title: 'A listener without allowedRoutes takes routes of all namespaces.',
    clauses: ['listener-namespaces-default-same', 'parentref-cross-namespace-denied'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((allowed) => ({
        ...allowed,
        namespaces:
          (allowed.namespaces?.from ?? 'Same') === 'Same' ? { from: 'All' } : (allowed.namespaces ?? {}),
      })),
  },
  {
    name: 'namespaces-all-refused',
    title: 'A listener that allows all namespaces takes routes of its own only.',
    clauses: ['listener-namespaces-all', 'parentref-cross-namespace-allowed'],
    layers: ['status', 'routed'],
    hooks: () =>
      onListeners((listener, gateway) =>
        listener.allowedRoutes?.namespaces?.from === 'All' && gateway.metadata.name !== 'shared'
          ? { ...listener, allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'Same' } } }
          : listener,
      ),
  },
  {
    name: 'namespace-selector-ignored',
    title: 'A listener that selects namespaces takes routes of all.',
    clauses: ['listener-namespaces-selector'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((allowed) =>
        allowed.namespaces?.from === 'Selector' ? { ...allowed, namespaces: { from: 'All' } } : allowed,
      ),
  },
  {
    name: 'namespace-selector-always-heeded',
    title: 'A selector counts although the listener does not ask for it.',
    clauses: ['listener-namespaces-selector-ignored'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((allowed) =>
        allowed.namespaces?.selector === undefined
          ? allowed
          : { ...allowed, namespaces: { ...allowed.namespaces, from: 'Selector' } },
      ),
  },
  {
    name: 'namespace-labels-frozen',
    title: 'Labels of a namespace that change later are not followed.',
    clauses: ['listener-namespaces-selector-live'],
    layers: ['status', 'routed'],
    hooks: () => {
      const memory = new Map<string, object>();
      return {
        input: onObjects('namespaces', (namespace) => ({
          ...namespace,
          metadata: {
            ...namespace.metadata,
            labels: first(memory, namespace.metadata.name, namespace.metadata.labels ?? {}) as Record<
              string,
              string
            >,
          },
        })),
      };
    },
  },
  {
    name: 'section-name-ignored',
    title: 'A route attaches to all listeners of its Gateway, whichever it names.',
    clauses: ['parentref-sectionname-selects-listener', 'parentref-sectionname-not-found'],
    layers: ['status', 'routed'],
    hooks: () => withoutInParentRefs('sectionName'),
  },
  {
    name: 'parent-port-ignored',
    title: 'The port of a parentRef is not looked at.',
    clauses: ['parentref-port-selects-listeners', 'parentref-port-not-found'],
    layers: ['status', 'routed'],
    hooks: () => withoutInParentRefs('port'),
  },
  {
    name: 'only-first-listener-attaches',
    title: 'A route without sectionName attaches to the first listener only.',
    clauses: ['parentref-sectionname-omitted-all-listeners'],
    layers: ['status', 'routed', 'connect', 'tls'],
    hooks: () => ({
      ir: (gateway) =>
        onHosts((host, { port }) =>
          port.port === gateway.ports[0]?.port || gateway.ports[0]?.protocol !== 'HTTP'
            ? host
            : { ...host, routes: host.routes.filter(({ source }) => source.kind !== 'GRPCRoute') },
        )(gateway),
    }),
  },
  {
    name: 'parent-namespace-not-defaulted',
    title: 'A parentRef without a namespace finds no Gateway of its own namespace.',
    clauses: ['parentref-group-kind-default-gateway', 'parentref-attach-same-namespace'],
    layers: ['status'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => ({
        ...route,
        spec: {
          ...route.spec,
          parentRefs: (route.spec.parentRefs ?? []).filter(({ namespace }) => namespace !== undefined),
        },
      })),
    }),
  },
  {
    name: 'one-gateway-per-route',
    title: 'A route with several Gateways is served on the first only.',
    clauses: ['parentref-multiple-gateways-independent'],
    layers: ['status', 'routed'],
    reference: 'envoyproxy/gateway#4264',
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const { parentRefs: refs = [] } = route.spec;
        const kept = refs.filter(({ name }) => name === refs[0]?.name);
        return kept.length === refs.length ? route : { ...route, spec: { ...route.spec, parentRefs: kept } };
      }),
    }),
  },
  {
    name: 'listeners-not-isolated',
    title:
      'A call that the most specific listener has no route for is served by another listener of the port.',
    clauses: ['listener-isolation', 'listener-isolation-no-fallback'],
    layers: ['routed'],
    hooks: () => ({ ir: onHosts((host) => ({ ...host, fallThrough: true })) }),
  },
  {
    name: 'empty-listener-host-lost',
    title: 'Hosts of a listener without routes are left to the wildcard listener.',
    clauses: ['listener-isolation', 'listener-isolation-no-fallback', 'listener-hostname-most-specific'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => (host.routes.length === 0 && !host.fallThrough ? undefined : host)),
    }),
  },
  {
    name: 'later-listener-unserved',
    title: 'A listener that is added to a Gateway is not served.',
    clauses: ['gateway-listener-added', 'parentref-listener-appears-later'],
    layers: ['connect', 'routed', 'programmed', 'status', 'http2'],
    hooks: () => {
      const memory = new Map<string, Set<number>>();
      return {
        ir: (gateway) => {
          const known = first(memory, gateway.key, new Set(gateway.ports.map(({ port }) => port)));
          const ports = gateway.ports.filter(({ port }) => known.has(port));
          return ports.length === gateway.ports.length ? gateway : { ...gateway, ports };
        },
      };
    },
  },
  {
    name: 'removed-listener-served',
    title: 'A listener that is removed goes on being served.',
    clauses: ['gateway-listener-removed'],
    layers: ['connect', 'routed', 'programmed', 'status'],
    hooks: () => {
      const memory = new Map<string, Map<string, Listener>>();
      return {
        input: onObjects('gateways', (gateway) => {
          const known = first(memory, keyOf(gateway), new Map<string, Listener>());
          const now = gateway.spec.listeners ?? [];
          for (const listener of now) known.set(listener.name, listener);
          return { ...gateway, spec: { ...gateway.spec, listeners: [...known.values()] } };
        }),
      };
    },
  },
  {
    name: 'port-8080-unserved',
    title: 'Listeners on ports other than 80 and 443 are Programmed and not served.',
    clauses: ['listener-port-8080', 'parentref-port-selects-listeners'],
    layers: ['connect', 'routed', 'http2'],
    hooks: () => ({
      ir: onTables((table, { port }) => ([80, 443].includes(port) ? table : { ...table, hosts: [] })),
    }),
  },
  {
    name: 'port-of-admin-not-served',
    title:
      'A listener on the port that the proxies keep for their own administration is Programmed and not served.',
    clauses: ['listener-port-unavailable', 'listener-programmed-true'],
    layers: ['status', 'connect', 'programmed'],
    hooks: () => ({
      ir: remembered((ir: IrGateway): IrGateway => {
        const ports = ir.ports.filter(({ port }) => port !== adminPort);
        return ports.length === ir.ports.length ? ir : { ...ir, ports };
      }),
    }),
  },
];

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

/** Gateways with more listeners than most have. */
export const manyListeners: readonly Fault[] = [
  {
    name: 'listeners-beyond-thirty-two-unserved',
    title: 'Of a Gateway with more than 32 listeners the others get no routes.',
    clauses: ['listener-distinct-required', 'parentref-sectionname-selects-listener'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) =>
        mapListeners(gateway, (listener, index) =>
          index < 32 ? listener : { ...listener, hostname: `unserved-${String(index)}.example.invalid` },
        ),
      ),
    }),
  },
];
