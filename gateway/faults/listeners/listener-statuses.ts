import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, RouteGroupKind } from '../../translate/model/gateway-api.ts';
import { adminPort } from '../../xds/container-port.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { well } from '../hooks/listener-sets.ts';
import { namesGateway, onObjects } from '../hooks/objects.ts';
import { onConditions, onGatewayStatuses, onListenerStatuses } from '../hooks/statuses.ts';

/** Edits statuses of listeners. */
const editing = (edit: Parameters<typeof onListenerStatuses>[0]): FaultHooks => ({
  statuses: onListenerStatuses(edit),
});

/** The kinds that a listener names. */
function allowedKindsOf({ spec }: Gateway, listener: string): RouteGroupKind[] {
  return spec.listeners?.find(({ name }) => name === listener)?.allowedRoutes?.kinds ?? [];
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

/** What the statuses of Gateways and their listeners say. */
export const listenerStatuses: readonly Fault[] = [
  {
    name: 'supported-kinds-without-grpcroute',
    title: 'GRPCRoute is missing among the supported kinds of listeners.',
    clauses: ['listener-supportedkinds-grpcroute'],
    layers: ['status'],
    reference: 'cilium/cilium#40922',
    hooks: () =>
      editing((listener) => ({
        ...listener,
        supportedKinds: (listener.supportedKinds ?? []).filter(({ kind }) => kind !== 'GRPCRoute'),
      })),
  },
  {
    name: 'supported-kinds-without-httproute',
    title: 'HTTPRoute is missing among the supported kinds of listeners that name none.',
    clauses: ['listener-supportedkinds-grpcroute'],
    layers: ['status'],
    hooks: () =>
      editing((listener, gateway) =>
        allowedKindsOf(gateway, listener.name).length > 0
          ? listener
          : {
              ...listener,
              supportedKinds: (listener.supportedKinds ?? []).filter(({ kind }) => kind !== 'HTTPRoute'),
            },
      ),
  },
  {
    name: 'only-first-allowed-kind-supported',
    title: 'Of several kinds that a listener allows only the first is among those that it supports.',
    clauses: ['listener-supportedkinds-restricted'],
    layers: ['status'],
    hooks: () =>
      editing((listener, gateway) => {
        const [first, ...others] = allowedKindsOf(gateway, listener.name);
        if (others.length === 0) return listener;
        const supportedKinds = (listener.supportedKinds ?? []).filter(({ kind }) => kind === first?.kind);
        return { ...listener, supportedKinds };
      }),
  },
  {
    name: 'supported-kinds-not-restricted',
    title: 'The supported kinds of a listener are all kinds, whatever it allows.',
    clauses: ['listener-supportedkinds-restricted', 'listener-kinds-mixed', 'listener-kinds-invalid-only'],
    layers: ['status'],
    hooks: () =>
      editing((listener) => ({
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
    name: 'certificate-unseen-behind-kinds',
    title:
      'A listener that no longer allows a kind that nobody knows says that its certificate resolves, whether that is there or not.',
    clauses: ['tls-secret-nonexistent'],
    layers: ['status'],
    hooks: () => {
      const had = new Set<string>();
      return {
        statuses: onConditions((condition, place) => {
          if (place.level !== 'listener' || condition.type !== 'ResolvedRefs') return condition;
          const id = `${keyOf(place.object)} ${place.listener}`;
          if (condition.reason === 'InvalidRouteKinds') had.add(id);
          return had.has(id) && condition.reason === 'InvalidCertificateRef' ? well(condition) : condition;
        }),
      };
    },
  },
  {
    name: 'unknown-protocol-unreported',
    title: 'A listener with a protocol that is not supported is Accepted.',
    clauses: ['listener-unsupported-protocol', 'listener-grpc-protocol-nonexistent'],
    layers: ['status'],
    hooks: () => unreported('UnsupportedProtocol', 'Invalid'),
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
    hooks: () => editing((listener) => ({ ...listener, attachedRoutes: listener.attachedRoutes * 2 })),
  },
  {
    name: 'attached-routes-never-fall',
    title: 'attachedRoutes does not go down when routes leave.',
    clauses: ['listener-attachedroutes-decrements'],
    layers: ['status'],
    hooks: () => {
      const most = new Map<string, number>();
      return editing((listener, gateway) => {
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
