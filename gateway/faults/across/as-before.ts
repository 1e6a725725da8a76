import { keyOf } from '../../../common/object-key.ts';
import type { HttpRoute, Listener, Namespace } from '../../translate/gateway-api.ts';
import type { Objects } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects, uidOf, withListeners } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'backend', 'connect'];

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

/** Objects that are made again count as old as the first of their name. */
function firstAge(kind: 'httpRoutes' | 'listenerSets' | 'backendTlsPolicies'): FaultHooks {
  const first = new Map<string, HttpRoute['metadata']['creationTimestamp']>();
  return {
    input: onObjects(kind, (object) => {
      const creationTimestamp = first.get(keyOf(object)) ?? object.metadata.creationTimestamp;
      first.set(keyOf(object), creationTimestamp);
      if (creationTimestamp === undefined) return object;
      return { ...object, metadata: { ...object.metadata, creationTimestamp } };
    }),
  };
}

/** What is deleted and made again under its name, and is not what it was. */
export const asBefore: readonly Fault[] = [
  {
    name: 'recreated-gateway-as-before',
    title: 'A Gateway that is deleted and made again has the listeners that it had, until it is edited.',
    clauses: ['gateway-programmed-true', 'gateway-listener-added', 'gateway-deleted-resources-removed'],
    layers,
    hooks: () => knownByGeneration('gateways'),
  },
  {
    name: 'recreated-gateway-keeps-ports',
    title: 'A Gateway that is deleted and made again serves at the ports of the first one as well.',
    clauses: ['gateway-deleted-resources-removed', 'gateway-listener-removed'],
    layers,
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
    layers,
    hooks: () => knownByGeneration('referenceGrants'),
  },
  {
    name: 'recreated-policy-as-before',
    title: 'A BackendTLSPolicy that is deleted and made again asks for what it did, until it is edited.',
    clauses: ['btls-hostname-authenticates', 'btls-sni-is-hostname'],
    layers,
    hooks: () => knownByGeneration('backendTlsPolicies'),
  },
  {
    name: 'recreated-namespace-keeps-labels',
    title: 'A namespace that is deleted and made again under its name has the labels that it had.',
    clauses: ['listener-namespaces-selector-live', 'listener-namespaces-selector'],
    layers,
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

/** HTTPRoutes in conflict with GRPCRoutes. */
export const firstAgeOfRoutes: readonly Fault[] = [
  {
    name: 'recreated-winner-wins-again',
    title: 'An HTTPRoute that is deleted and made again takes its hostname back from a GRPCRoute.',
    clauses: ['hostname-conflict-oldest-wins'],
    layers,
    hooks: () => firstAge('httpRoutes'),
  },
];

export const firstAgeOfSets: readonly Fault[] = [
  {
    name: 'recreated-listener-set-takes-first-age',
    title: 'A ListenerSet that is deleted and made again counts as old as the first of its name.',
    clauses: ['listenerset-precedence-oldest'],
    layers,
    hooks: () => firstAge('listenerSets'),
  },
];

export const firstAgeOfPolicies: readonly Fault[] = [
  {
    name: 'recreated-policy-takes-first-age',
    title: 'A BackendTLSPolicy that is deleted and made again counts as old as the first of its name.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers,
    hooks: () => firstAge('backendTlsPolicies'),
  },
];
