import { keyOf } from '../../../common/object-key.ts';
import type { ConfigMap, GrpcRoute, Listener, Namespace } from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, lostWithNamespace } from '../hooks/first-seen.ts';
import { onEntryStatuses, parentOf } from '../hooks/listener-sets.ts';
import { onObjects, uidOf, withListeners } from '../hooks/objects.ts';
import { onListenerStatuses } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

/** An object that is deleted and made again under its name is not there. */
function firstOnly(kind: keyof Objects): FaultHooks {
  const first = new Map<string, string | undefined>();
  return {
    input: onObjects(kind, (object) => {
      const key = keyOf(object);
      if (!first.has(key)) first.set(key, uidOf(object));
      return first.get(key) === uidOf(object) ? object : undefined;
    }),
  };
}

/** What is taken away and comes back under the same name. */
export const returns: readonly Fault[] = [
  {
    name: 'recreated-certificate-unnoticed',
    title: 'A Secret with a certificate that is deleted and made again stays missing.',
    clauses: ['tls-secret-recovers'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => firstOnly('secrets'),
  },
  {
    name: 'recreated-ca-unnoticed',
    title: 'A ConfigMap with the CA of a policy that is deleted and made again stays missing.',
    clauses: ['btls-ca-content-reconciled', 'btls-ca-invalid-ref'],
    layers,
    hooks: () => firstOnly('configMaps'),
  },
  {
    name: 'deleted-ca-kept',
    title: 'A ConfigMap with a CA stays in force when it is deleted.',
    clauses: ['btls-ca-invalid-ref', 'btls-ca-content-reconciled', 'tls-frontend-ca-unresolved'],
    layers: [...layers, 'tls', 'connect', 'programmed'],
    hooks: () => {
      const known = new Map<string, ConfigMap>();
      return {
        input: (input) => {
          for (const configMap of input.objects.configMaps) known.set(keyOf(configMap), configMap);
          return { ...input, objects: { ...input.objects, configMaps: [...known.values()] } };
        },
      };
    },
  },
  {
    name: 'recreated-policy-unnoticed',
    title: 'A BackendTLSPolicy that is deleted and made again is not in force.',
    clauses: [
      'btls-union-with-grpcroute',
      'btls-accepted-true',
      'btls-removal-restores-plaintext',
      'btls-hostname-authenticates',
    ],
    layers,
    hooks: () => firstOnly('backendTlsPolicies'),
  },
  {
    name: 'recreated-listener-unserved',
    title: 'A listener that a Gateway loses and gets back is not served.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed'],
    layers: ['status', 'programmed', 'routed', 'connect'],
    hooks: () =>
      besideEarlier<'gateways', Map<string, 'there' | 'gone'>>('gateways', (gateway, seen = new Map()) => {
        const listeners = gateway.spec.listeners ?? [];
        for (const name of seen.keys())
          if (listeners.every((each) => each.name !== name)) seen.set(name, 'gone');
        for (const { name } of listeners) if (!seen.has(name)) seen.set(name, 'there');
        const served = listeners.filter(({ name }) => seen.get(name) !== 'gone');
        return { edited: { ...gateway, spec: { ...gateway.spec, listeners: served } }, keep: seen };
      }),
  },
  {
    name: 'recreated-gateway-counts-no-routes',
    title: 'A Gateway that is deleted and made again serves its routes, and counts none.',
    clauses: ['listener-attachedroutes-count'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        statuses: onListenerStatuses((listener, gateway) => {
          const key = keyOf(gateway);
          if (!first.has(key)) first.set(key, uidOf(gateway));
          return first.get(key) === uidOf(gateway) ? listener : { ...listener, attachedRoutes: 0 };
        }),
      };
    },
  },
  {
    name: 'recreated-listener-set-unserved',
    title: 'A ListenerSet that is deleted and made again is not served.',
    clauses: ['listenerset-serves-traffic', 'listenerset-accepted-set'],
    layers: ['status', 'routed', 'connect'],
    hooks: () => firstOnly('listenerSets'),
  },
  {
    name: 'routes-of-sets-of-recreated-gateway-uncounted',
    title: 'The listeners of a ListenerSet count no routes when their Gateway is deleted and made again.',
    clauses: ['listenerset-attachedroutes'],
    layers: ['status'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        statuses: onEntryStatuses((entry, set, input) => {
          const gateway = parentOf(set, input);
          if (gateway === undefined) return entry;
          const key = keyOf(gateway);
          if (!first.has(key)) first.set(key, uidOf(gateway));
          return first.get(key) === uidOf(gateway) ? entry : { ...entry, attachedRoutes: 0 };
        }),
      };
    },
  },
  {
    name: 'recreated-class-unnoticed',
    title: 'A GatewayClass that is deleted and made again gets no verdict.',
    clauses: ['class-accepted-decided', 'class-accepted-true'],
    layers: ['status', 'programmed'],
    hooks: () => firstOnly('gatewayClasses'),
  },
  {
    name: 'routes-of-recreated-namespace-unserved',
    title: 'Routes of a namespace that is deleted and made again under its name are not served.',
    clauses: ['listener-namespaces-selector-live', 'parentref-cross-namespace-allowed'],
    layers: ['status', 'routed'],
    hooks: () => lostWithNamespace('grpcRoutes'),
  },
  {
    name: 'recreated-route-takes-first-age',
    title: 'A route that is deleted and made again counts as old as the first of its name.',
    clauses: ['precedence-age-is-creation-time', 'precedence-oldest-route'],
    layers,
    hooks: () => {
      const first = new Map<string, GrpcRoute['metadata']['creationTimestamp']>();
      return {
        input: onObjects('grpcRoutes', (route) => {
          const creationTimestamp = first.get(keyOf(route)) ?? route.metadata.creationTimestamp;
          first.set(keyOf(route), creationTimestamp);
          if (creationTimestamp === undefined) return route;
          return { ...route, metadata: { ...route.metadata, creationTimestamp } };
        }),
      };
    },
  },
];

const recreatedLayers: Fault['layers'] = ['status', 'programmed', 'routed', 'backend', 'connect'];

/** An object that is deleted and made again is taken for the one that it was: both count their generations from 1. */
function knownByGeneration(
  kind: 'gateways' | 'referenceGrants' | 'backendTlsPolicies' | 'listenerSets',
): FaultHooks {
  const known = new Map<string, Objects[typeof kind][number]['spec']>();
  return {
    input: onObjects(kind, (object) => {
      const id = `${keyOf(object)} ${String(object.metadata.generation)}`;
      const spec = known.get(id) ?? object.spec;
      known.set(id, spec);
      return spec === object.spec ? object : ({ ...object, spec } as typeof object);
    }),
  };
}

/** What is deleted and made again under its name, and is not what it was. */
export const asBefore: readonly Fault[] = [
  {
    name: 'recreated-gateway-as-before',
    title: 'A Gateway that is deleted and made again has the listeners that it had, until it is edited.',
    clauses: ['gateway-programmed-true', 'gateway-listener-added', 'gateway-deleted-resources-removed'],
    layers: recreatedLayers,
    hooks: () => knownByGeneration('gateways'),
  },
  {
    name: 'recreated-gateway-keeps-ports',
    title: 'A Gateway that is deleted and made again serves at the ports of the first one as well.',
    clauses: ['gateway-deleted-resources-removed', 'gateway-listener-removed'],
    layers: recreatedLayers,
    hooks: () => {
      const had = new Map<string, Map<string | undefined, Listener[]>>();
      return unseen(
        onObjects('gateways', (gateway) => {
          const { listeners = [] } = gateway.spec;
          const all = had.get(keyOf(gateway)) ?? new Map<string | undefined, Listener[]>();
          had.set(keyOf(gateway), all.set(uidOf(gateway), listeners));
          const taken = new Set(listeners.map(({ port }) => port));
          const old = [...all]
            .filter(([uid]) => uid !== uidOf(gateway))
            .flatMap(([, each]) => each)
            .filter(({ port }) => !taken.has(port))
            .map((each) => ({ ...each, name: `${each.name}-before` }));
          return old.length === 0 ? gateway : withListeners(gateway, [...listeners, ...old]);
        }),
      );
    },
  },
  {
    name: 'recreated-grant-as-before',
    title: 'A ReferenceGrant that is deleted and made again permits what it did, until it is edited.',
    clauses: ['refgrant-required', 'refgrant-removal-revokes'],
    layers: recreatedLayers,
    hooks: () => knownByGeneration('referenceGrants'),
  },
  {
    name: 'recreated-policy-as-before',
    title: 'A BackendTLSPolicy that is deleted and made again asks for what it did, until it is edited.',
    clauses: ['btls-hostname-authenticates', 'btls-sni-is-hostname'],
    layers: recreatedLayers,
    hooks: () => knownByGeneration('backendTlsPolicies'),
  },
  {
    name: 'recreated-namespace-keeps-labels',
    title: 'A namespace that is deleted and made again under its name has the labels that it had.',
    clauses: ['listener-namespaces-selector-live', 'listener-namespaces-selector'],
    layers: recreatedLayers,
    hooks: () => {
      const first = new Map<string, Namespace>();
      return {
        input: onObjects('namespaces', (namespace) => {
          const { name, labels } = namespace.metadata;
          const known = first.get(name);
          if (known === undefined || uidOf(known) === uidOf(namespace)) {
            first.set(name, namespace);
            return namespace;
          }
          return {
            ...namespace,
            metadata: { ...namespace.metadata, labels: { ...known.metadata.labels, ...labels } },
          };
        }),
      };
    },
  },
];
