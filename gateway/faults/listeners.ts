import { keyOf } from '../../common/object-key.ts';
import type { IrGateway } from '../ir/ir.ts';
import type { Gateway, Listener, ListenerStatus } from '../translate/gateway-api.ts';
import { adminPort } from '../xds/container-port.ts';
import type { Fault, FaultHooks } from './fault.ts';
import { onHosts, onTables } from './hooks/ir.ts';
import { remembered } from './hooks/memo.ts';
import { namesGateway, onObjects } from './hooks/objects.ts';
import { onConditions, onGatewayStatuses } from './hooks/statuses.ts';

/** Edits listeners as they are written; undefined leaves one out. */
function onListeners(edit: (listener: Listener, gateway: Gateway) => Listener | undefined): FaultHooks {
  return {
    input: onObjects('gateways', (gateway) => ({
      ...gateway,
      spec: {
        ...gateway.spec,
        listeners: (gateway.spec.listeners ?? []).flatMap((listener) => edit(listener, gateway) ?? []),
      },
    })),
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

function onParentRefs(drop: 'sectionName' | 'port'): FaultHooks {
  return {
    input: onObjects('grpcRoutes', (route) => ({
      ...route,
      spec: {
        ...route.spec,
        parentRefs: (route.spec.parentRefs ?? []).map((ref) =>
          Object.fromEntries(Object.entries(ref).filter(([field]) => field !== drop)),
        ) as never,
      },
    })),
  };
}

/** Edits statuses of listeners. */
function onListenerStatuses(
  edit: (listener: ListenerStatus, gateway: Gateway, input: { kinds: Map<string, number> }) => ListenerStatus,
): FaultHooks {
  return {
    statuses: onGatewayStatuses((status, gateway, _update, input) => {
      const kinds = new Map([
        ['GRPCRoute', input.objects.grpcRoutes.length],
        ['HTTPRoute', input.objects.httpRoutes.length],
      ]);
      return {
        ...status,
        ...(status.listeners && {
          listeners: status.listeners.map((listener) => edit(listener, gateway, { kinds })),
        }),
      };
    }),
  };
}

/** Says True of listeners' conditions that are False for that reason. */
function unreported(...reasons: string[]): FaultHooks {
  return {
    statuses: onConditions((condition, { level }) =>
      level === 'listener' && reasons.includes(condition.reason) && condition.status === 'False'
        ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
        : condition,
    ),
  };
}

const first = <T>(memory: Map<string, T>, key: string, value: T): T => {
  const known = memory.get(key) ?? value;
  memory.set(key, known);
  return known;
};

/** What listeners take, and what their statuses say. */
export const listeners: readonly Fault[] = [
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
    name: 'supported-kinds-without-grpcroute',
    title: 'GRPCRoute is missing among the supported kinds of listeners.',
    clauses: ['listener-supportedkinds-grpcroute'],
    layers: ['status'],
    reference: 'cilium/cilium#40922',
    hooks: () =>
      onListenerStatuses((listener) => ({
        ...listener,
        supportedKinds: (listener.supportedKinds ?? []).filter(({ kind }) => kind !== 'GRPCRoute'),
      })),
  },
  {
    name: 'supported-kinds-not-restricted',
    title: 'The supported kinds of a listener are all kinds, whatever it allows.',
    clauses: ['listener-supportedkinds-restricted', 'listener-kinds-mixed', 'listener-kinds-invalid-only'],
    layers: ['status'],
    hooks: () =>
      onListenerStatuses((listener) => ({
        ...listener,
        supportedKinds: ['GRPCRoute', 'HTTPRoute'].map((kind) => ({
          group: 'gateway.networking.k8s.io',
          kind,
        })),
      })),
  },
  {
    name: 'unknown-kinds-unreported',
    title: 'A listener that allows kinds that nobody knows looks healthy.',
    clauses: ['listener-kinds-invalid-only', 'listener-kinds-mixed'],
    layers: ['status'],
    hooks: () => unreported('InvalidRouteKinds'),
  },
  {
    name: 'unknown-protocol-unreported',
    title: 'A listener with a protocol that is not supported is Accepted.',
    clauses: ['listener-unsupported-protocol', 'listener-grpc-protocol-nonexistent'],
    layers: ['status'],
    hooks: () => unreported('UnsupportedProtocol', 'Invalid'),
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
    hooks: () => onParentRefs('sectionName'),
  },
  {
    name: 'parent-port-ignored',
    title: 'The port of a parentRef is not looked at.',
    clauses: ['parentref-port-selects-listeners', 'parentref-port-not-found'],
    layers: ['status', 'routed'],
    hooks: () => onParentRefs('port'),
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
    name: 'attached-routes-count-refused',
    title: 'attachedRoutes counts routes of all kinds and namespaces, also those that were refused.',
    clauses: ['listener-attachedroutes-accepted-only', 'listener-attachedroutes-count'],
    layers: ['status'],
    reference: 'nginx/nginx-gateway-fabric#2299',
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, input) => {
        const count = input.objects.grpcRoutes.filter((route) => namesGateway(route, gateway)).length;
        return {
          ...status,
          ...(status.listeners && {
            listeners: status.listeners.map((listener) => ({
              ...listener,
              attachedRoutes: Math.max(count, listener.attachedRoutes),
            })),
          }),
        };
      }),
    }),
  },
  {
    name: 'attached-routes-doubled',
    title: 'attachedRoutes counts each route twice.',
    clauses: ['listener-attachedroutes-route-counted-once', 'listener-attachedroutes-count'],
    layers: ['status'],
    reference: 'Kong/kubernetes-ingress-controller#7516',
    hooks: () =>
      onListenerStatuses((listener) => ({ ...listener, attachedRoutes: listener.attachedRoutes * 2 })),
  },
  {
    name: 'attached-routes-never-fall',
    title: 'attachedRoutes does not go down when routes leave.',
    clauses: ['listener-attachedroutes-decrements'],
    layers: ['status'],
    hooks: () => {
      const most = new Map<string, number>();
      return onListenerStatuses((listener, gateway) => {
        const key = `${keyOf(gateway)} ${listener.name}`;
        const attachedRoutes = Math.max(most.get(key) ?? 0, listener.attachedRoutes);
        most.set(key, attachedRoutes);
        return { ...listener, attachedRoutes };
      });
    },
  },
  {
    name: 'attached-routes-of-gateway',
    title: 'Every listener shows the attached routes of the whole Gateway.',
    clauses: ['listener-attachedroutes-per-listener'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status) => {
        const all = (status.listeners ?? []).reduce((sum, { attachedRoutes }) => sum + attachedRoutes, 0);
        return {
          ...status,
          ...(status.listeners && {
            listeners: status.listeners.map((listener) => ({ ...listener, attachedRoutes: all })),
          }),
        };
      }),
    }),
  },
  {
    name: 'listener-generation-stale',
    title: 'Conditions of listeners keep the generation that they were first written for.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'listener' && object.metadata.name !== 'shared'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
  {
    name: 'gateway-generation-stale',
    title: 'Conditions of a Gateway keep the generation that they were first written for.',
    clauses: ['gateway-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'gateway' && object.metadata.name !== 'shared'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
  {
    name: 'listener-statuses-missing',
    title: 'Only the first listener of a Gateway has a status.',
    clauses: ['listener-status-entry-per-listener', 'listener-accepted-true'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses((status) => ({
        ...status,
        ...(status.listeners && { listeners: status.listeners.slice(0, 1) }),
      })),
    }),
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
    name: 'some-invalid-listeners-refuse-gateway',
    title: 'One invalid listener takes the whole Gateway down in its status.',
    clauses: ['gateway-listenersnotvalid-some-valid'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.reason === 'ListenersNotValid'
          ? { ...condition, status: 'False' }
          : condition,
      ),
    }),
  },
  {
    name: 'gateway-without-valid-listener-accepted',
    title: 'A Gateway none of whose listeners is valid is Accepted and Programmed.',
    clauses: ['gateway-listenersnotvalid-none-valid'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.status === 'False' && condition.reason !== 'AddressNotAssigned'
          ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'requested-address-ignored',
    title: 'A Gateway that asks for an address that it cannot have is Accepted and Programmed.',
    clauses: ['gateway-address-unsupported-type', 'gateway-address-not-usable'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && /^(AddressNotUsable|UnsupportedAddress)$/.test(condition.reason)
          ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
          : condition,
      ),
      input: onObjects('gateways', (gateway) => {
        const { addresses: _addresses, ...spec } = gateway.spec;
        return { ...gateway, spec };
      }),
    }),
  },
  {
    name: 'empty-address-refused-in-silence',
    title: 'A Gateway that asks for any address of a type is never Programmed, and does not say why.',
    clauses: ['gateway-address-empty-value', 'gateway-address-empty-unsupported'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) =>
        gateway.spec.addresses?.some(({ value = '' }) => value === '') === true ? undefined : status,
      ),
    }),
  },
  {
    name: 'gateway-without-programmed',
    title: 'A Gateway that is not valid carries no Programmed condition.',
    clauses: ['gateway-summary-conditions-always-present'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.type === 'Programmed' && condition.reason === 'Invalid'
          ? undefined
          : condition,
      ),
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
  {
    name: 'port-of-admin-misnamed',
    title: 'A listener on a port that is not to be had is refused as if its protocol were unknown.',
    clauses: ['listener-port-unavailable'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level !== 'listener' || condition.type !== 'Accepted') return condition;
        const written = place.object.spec.listeners?.find(({ name }) => name === place.listener);
        return written?.port === adminPort
          ? { ...condition, status: 'False', reason: 'UnsupportedProtocol', message: 'not supported' }
          : condition;
      }),
    }),
  },
];
