import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Condition, ListenerSet, ListenerStatus } from '../../translate/model/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import {
  onEntryStatuses,
  onSetConditions,
  onSetStatuses,
  parentOf,
  setsOf,
  well,
} from '../hooks/listener-sets.ts';
import { onGatewayStatuses, onParents } from '../hooks/statuses.ts';

const gatewayGroup = 'gateway.networking.k8s.io';

/** Says True of conditions that are False for that reason, and leaves Conflicted out. */
function unreported(reason: string, where: 'set' | 'entry'): FaultHooks {
  return {
    statuses: onSetConditions((condition, entry) => {
      if (condition.reason !== reason || (entry === undefined) !== (where === 'set')) return condition;
      if (condition.type === 'Conflicted') return undefined;
      return condition.status === 'False' ? well(condition) : condition;
    }),
  };
}

/** Edits the number of attached ListenerSets. */
function counting(edit: (count: number, gatewayKey: string, sets: ListenerSet[]) => number): FaultHooks {
  return {
    statuses: onGatewayStatuses((status, gateway, _update, input) => {
      const sets = setsOf(gateway, input);
      if (sets.length === 0 && status.attachedListenerSets === undefined) return status;
      const count = edit(status.attachedListenerSets ?? 0, keyOf(gateway), sets);
      return { ...status, attachedListenerSets: count };
    }),
  };
}

/** Conditions of that type tell which ListenerSets the Gateway has. */
function namingRivals(type: string): FaultHooks {
  return {
    statuses: onEntryStatuses((entry, set, input) => {
      const gateway = parentOf(set, input);
      const rivals = gateway === undefined ? [] : setsOf(gateway, input).map(keyOf);
      const conditions = entry.conditions.map((condition) =>
        condition.type === type ? { ...condition, message: `one of ${rivals.join(', ')}` } : condition,
      );
      return { ...entry, conditions };
    }),
  };
}

/** Of ListenerSets whose Gateway is somebody else's. */
function refusedForOthers(input: TranslateInput): StatusUpdate[] {
  const { objects, controllerName, now } = input;
  const own = objects.gatewayClasses.filter(({ spec }) => spec.controllerName === controllerName);
  const isOwn = new Set(own.map(({ metadata }) => metadata.name));
  return objects.listenerSets.flatMap((set): StatusUpdate[] => {
    const gateway = parentOf(set, input);
    if (gateway === undefined || isOwn.has(gateway.spec.gatewayClassName)) return [];
    const { namespace = '', name, generation } = set.metadata;
    const conditions = ['Accepted', 'Programmed'].map((type): Condition => ({
      type,
      status: 'False',
      reason: 'ParentNotAccepted',
      message: 'the Gateway is not accepted',
      lastTransitionTime: now,
      ...(generation !== undefined && { observedGeneration: generation }),
    }));
    return [{ kind: 'ListenerSet', namespace, name, status: { conditions } }];
  });
}

function entryOf(listener: { name: string }, now: string): ListenerStatus {
  const conditions = ['Accepted', 'Programmed', 'ResolvedRefs'].map((type): Condition => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    lastTransitionTime: now,
  }));
  return { name: listener.name, attachedRoutes: 0, supportedKinds: [], conditions };
}

/** Statuses of ListenerSets that no Gateway takes up, as if one had refused them. */
function refusedOrphans(statuses: readonly StatusUpdate[], input: TranslateInput): StatusUpdate[] {
  const orphans = input.objects.listenerSets.filter((set) => parentOf(set, input) === undefined);
  const updates = orphans.map(({ metadata: { namespace = '', name, generation = 0 } }): StatusUpdate => {
    const conditions = ['Accepted', 'Programmed'].map((type): Condition => ({
      type,
      status: 'False',
      reason: 'NotAllowed',
      message: 'there is no such Gateway',
      observedGeneration: generation,
      lastTransitionTime: input.now,
    }));
    return { kind: 'ListenerSet', namespace, name, status: { conditions } };
  });
  return [...statuses, ...updates];
}

/** What statuses say of ListenerSets, their listeners, their Gateways and their routes. */
export const listenerSetStatus: readonly Fault[] = [
  {
    name: 'listener-set-of-foreign-gateway-written',
    title:
      'A ListenerSet is told that its Gateway is not accepted where that is of the class of another controller.',
    clauses: ['listenerset-foreign-class-ignored'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => [...statuses, ...refusedForOthers(input)],
    }),
  },
  {
    name: 'listener-set-conflict-unreported',
    title: 'A listener of a ListenerSet that lost its hostname to another looks healthy.',
    clauses: ['listenerset-hostname-conflict-conditions', 'listener-conflicted-hostname-reason'],
    layers: ['status'],
    hooks: () => unreported('HostnameConflict', 'entry'),
  },
  {
    name: 'listener-set-protocol-conflict-unreported',
    title: 'A listener of a ListenerSet with another protocol than its port has looks healthy.',
    clauses: ['listenerset-protocol-conflict-conditions'],
    layers: ['status'],
    hooks: () => unreported('ProtocolConflict', 'entry'),
  },
  {
    name: 'listener-set-conflict-unexplained',
    title: 'The conflict of a listener of a ListenerSet comes without a message.',
    clauses: ['listenerset-conflict-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition) =>
        condition.type === 'Conflicted' ? { ...condition, message: '' } : condition,
      ),
    }),
  },
  {
    name: 'listener-set-conflict-names-rivals',
    title: 'The message of a conflict lists the ListenerSets of the Gateway.',
    clauses: ['listenerset-no-information-leak'],
    layers: ['status'],
    hooks: () => namingRivals('Conflicted'),
  },
  {
    name: 'listener-set-overlap-names-rivals',
    title: 'The message of an overlap of hostnames lists the ListenerSets of the Gateway.',
    clauses: ['listenerset-no-information-leak'],
    layers: ['status'],
    hooks: () => namingRivals('OverlappingTLSConfig'),
  },
  {
    name: 'listener-set-conflict-marks-winner',
    title: 'The listener of the Gateway that won a conflict is reported as conflicted too.',
    clauses: ['listenerset-winner-not-conflicted', 'listenerset-gateway-status-not-polluted'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, input) => {
        const theirs = setsOf(gateway, input).flatMap(({ spec }) => spec.listeners ?? []);
        const contested = new Set(
          (gateway.spec.listeners ?? [])
            .filter(({ port, hostname }) =>
              theirs.some((other) => other.port === port && other.hostname === hostname),
            )
            .map(({ name }) => name),
        );
        const conflict = {
          type: 'Conflicted',
          status: 'True' as const,
          reason: 'HostnameConflict',
          message: 'a ListenerSet has it too',
          observedGeneration: gateway.metadata.generation ?? 0,
          lastTransitionTime: input.now,
        };
        return {
          ...status,
          ...(status.listeners && {
            listeners: status.listeners.map((listener) =>
              contested.has(listener.name)
                ? { ...listener, conditions: [...listener.conditions, conflict] }
                : listener,
            ),
          }),
        };
      }),
    }),
  },
  {
    name: 'listener-set-conflict-sticks',
    title: 'A listener of a ListenerSet that was in conflict once is reported so for ever.',
    clauses: ['listenerset-conflict-released'],
    layers: ['status'],
    hooks: () => {
      const marked = new Map<string, ListenerStatus>();
      return {
        statuses: onEntryStatuses((entry, set) => {
          const id = `${keyOf(set)} ${String(set.metadata.generation)} ${entry.name}`;
          if (entry.conditions.some(({ type }) => type === 'Conflicted')) marked.set(id, entry);
          return marked.get(id) ?? entry;
        }),
      };
    },
  },
  {
    name: 'listener-set-parent-ignored',
    title: 'A ListenerSet is Accepted under a Gateway that is not.',
    clauses: ['listenerset-parent-not-accepted'],
    layers: ['status'],
    hooks: () => unreported('ParentNotAccepted', 'set'),
  },
  {
    name: 'listener-set-without-gateway-refused',
    title: 'A ListenerSet that names no Gateway of anybody is reported as not allowed.',
    clauses: ['listenerset-default-pending'],
    layers: ['status'],
    hooks: () => ({ statuses: refusedOrphans }),
  },
  {
    name: 'listener-set-without-valid-listener-accepted',
    title: 'A ListenerSet without a valid listener is Accepted and Programmed.',
    clauses: ['listenerset-all-invalid'],
    layers: ['status'],
    hooks: () => unreported('ListenersNotValid', 'set'),
  },
  {
    name: 'listener-set-partly-valid-refused',
    title: 'A ListenerSet with a listener that is not valid is refused as a whole.',
    clauses: ['listenerset-some-invalid-accepted'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onSetStatuses((status) =>
        status.conditions?.some(({ reason }) => reason === 'ListenersNotValid') === true
          ? {
              ...status,
              conditions: status.conditions.map((condition) => ({
                ...condition,
                status: 'False' as const,
                reason: 'ListenersNotValid',
              })),
            }
          : status,
      ),
    }),
  },
  {
    name: 'listener-set-programmed-missing',
    title: 'ListenerSets have no condition Programmed.',
    clauses: ['listenerset-programmed-set'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry) =>
        entry === undefined && condition.type === 'Programmed' ? undefined : condition,
      ),
    }),
  },
  {
    name: 'listener-set-generation-stale',
    title: 'Conditions of the listeners of a ListenerSet keep the generation that they were made for.',
    clauses: ['listenerset-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry) =>
        entry === undefined ? condition : { ...condition, observedGeneration: 1 },
      ),
    }),
  },
  {
    name: 'listener-set-count-with-refused',
    title: 'A Gateway counts every ListenerSet that names it as attached.',
    clauses: ['listenerset-attached-count'],
    layers: ['status'],
    hooks: () => counting((_count, _key, sets) => sets.length),
  },
  {
    name: 'listener-set-count-never-falls',
    title: 'The number of attached ListenerSets of a Gateway never falls.',
    clauses: ['listenerset-attached-count-follows'],
    layers: ['status'],
    hooks: () => {
      const most = new Map<string, number>();
      return counting((count, key) => {
        most.set(key, Math.max(count, most.get(key) ?? 0));
        return most.get(key) ?? count;
      });
    },
  },
  {
    name: 'listener-set-in-gateway-status',
    title: 'A Gateway lists the listeners of its ListenerSets among its own.',
    clauses: ['listenerset-gateway-status-not-polluted', 'listenerset-gateway-listeners-not-listed'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, input) => {
        const own = new Set(gateway.spec.listeners?.map(({ name }) => name));
        const added = setsOf(gateway, input)
          .flatMap(({ spec }) => spec.listeners ?? [])
          .filter(
            ({ name }, index, all) => !own.has(name) && all.findIndex((each) => each.name === name) === index,
          )
          .map((listener) => entryOf(listener, input.now));
        return { ...status, listeners: [...(status.listeners ?? []), ...added] };
      }),
    }),
  },
  {
    name: 'gateway-listeners-in-listener-set-status',
    title: 'A ListenerSet lists the listeners of its Gateway among its own.',
    clauses: ['listenerset-gateway-listeners-not-listed'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetStatuses((status, set, input) => {
        const own = new Set(set.spec.listeners?.map(({ name }) => name));
        const added = (parentOf(set, input)?.spec.listeners ?? [])
          .filter(({ name }) => !own.has(name))
          .map((listener) => entryOf(listener, input.now));
        return { ...status, listeners: [...(status.listeners ?? []), ...added] };
      }),
    }),
  },
  {
    name: 'listener-set-kinds-unreported',
    title: 'A listener of a ListenerSet that allows kinds that nobody knows looks healthy.',
    clauses: ['listenerset-allowed-routes-kinds'],
    layers: ['status'],
    hooks: () => unreported('InvalidRouteKinds', 'entry'),
  },
  {
    name: 'listener-set-without-grpcroute',
    title: 'GRPCRoute is missing among the supported kinds of listeners of ListenerSets.',
    clauses: ['listenerset-supportedkinds-grpcroute'],
    layers: ['status'],
    hooks: () => ({
      statuses: onEntryStatuses((entry) => ({
        ...entry,
        supportedKinds: (entry.supportedKinds ?? []).filter(({ kind }) => kind !== 'GRPCRoute'),
      })),
    }),
  },
  {
    name: 'listener-set-routes-not-counted',
    title: 'attachedRoutes of the listeners of ListenerSets is 0.',
    clauses: ['listenerset-attachedroutes'],
    layers: ['status'],
    hooks: () => ({ statuses: onEntryStatuses((entry) => ({ ...entry, attachedRoutes: 0 })) }),
  },
  {
    name: 'listener-set-parents-of-routes-share-a-verdict',
    title: 'A route with two parents that one of them accepts is reported as accepted by both.',
    clauses: ['listenerset-dual-parents-independent', 'listenerset-gateway-section-not-found'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) =>
        (route.spec.parentRefs ?? []).length < 2
          ? parent
          : {
              ...parent,
              ...(parent.conditions && {
                conditions: parent.conditions.map((condition) =>
                  condition.reason === 'NoMatchingParent' ? well(condition) : condition,
                ),
              }),
            },
      ),
    }),
  },
  {
    name: 'listener-set-route-reports-gateway',
    title: 'The status of a route of a ListenerSet has an entry for the Gateway too.',
    clauses: ['status-entries-only-for-declared-refs'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) =>
        statuses.map((update) => {
          if (update.kind !== 'GRPCRoute') return update;
          const parents = update.status.parents.flatMap((parent) => {
            const { kind, namespace: at = update.namespace, name: named } = parent.parentRef;
            const key = objectKey(at, named);
            const set = input.objects.listenerSets.find(
              (each) => kind === 'ListenerSet' && keyOf(each) === key,
            );
            const gateway = set && parentOf(set, input)?.metadata;
            if (gateway === undefined) return [parent];
            const { name, namespace = '' } = gateway;
            const parentRef = { group: gatewayGroup, kind: 'Gateway', namespace, name };
            return [parent, { ...parent, parentRef }];
          });
          return { ...update, status: { parents } };
        }),
    }),
  },
];
