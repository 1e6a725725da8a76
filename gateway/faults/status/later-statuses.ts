import { keyOf } from '../../../common/object-key.ts';
import type { Condition, Gateway, ListenerStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import {
  isOfOurs,
  isShared,
  onClassConditions,
  onConditions,
  onGatewayStatuses,
  onListenerStatuses,
  onParents,
} from '../hooks/statuses.ts';
import { storedOf } from './restless-times.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

/** The conditions that are stored for a Gateway, or for one of its listeners. */
export function stored(gateway: Gateway, listener?: string): Condition[] {
  if (listener === undefined) return gateway.status?.conditions ?? [];
  const { listeners = [] } = (gateway.status ?? {}) as { listeners?: ListenerStatus[] };
  return listeners.find(({ name }) => name === listener)?.conditions ?? [];
}

/** Statuses that are right when they are first written, and wrong when something changes. */
export const laterStatuses: readonly Fault[] = [
  {
    name: 'listener-references-generation-stale',
    title: 'Of the conditions of listeners, ResolvedRefs keeps the generation that it was first written for.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'listener' && !isShared(object) && condition.type === 'ResolvedRefs'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
  {
    name: 'listener-programmed-generation-stale',
    title: 'Of the conditions of listeners, Programmed keeps the generation that it was first written for.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'listener' && !isShared(object) && condition.type === 'Programmed'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
  {
    name: 'route-references-generation-stale',
    title: 'Of the conditions of routes, ResolvedRefs keeps the generation that it was first written for.',
    clauses: ['status-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' && condition.type === 'ResolvedRefs'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
  {
    name: 'class-generation-stale',
    title: 'The conditions of a class keep the generation that they were first written for.',
    clauses: ['class-observedgeneration-current'],
    layers,
    hooks: () => onClassConditions((each) => ({ ...each, observedGeneration: 1 })),
  },
  {
    name: 'refused-class-generation-stale',
    title: 'A class that is refused says so of the generation that it first had.',
    clauses: ['class-observedgeneration-current'],
    layers,
    hooks: () =>
      onClassConditions((each) =>
        each.type === 'Accepted' && each.status === 'False' ? { ...each, observedGeneration: 1 } : each,
      ),
  },
  {
    name: 'gateway-transition-times-move',
    title: 'lastTransitionTime of Gateways and listeners moves with every write.',
    clauses: ['status-lasttransitiontime-stable'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) => {
        if (level === 'parent') return condition;
        const fresh = condition.observedGeneration !== observed(object, condition.type);
        return fresh ? { ...condition, lastTransitionTime: new Date().toISOString() } : condition;
      }),
      writesRestlessly: true,
    }),
  },
  {
    name: 'gateway-transition-times-stay',
    title: 'lastTransitionTime of Gateways and listeners stays where it was when a condition flips.',
    clauses: ['status-lasttransitiontime-on-flip'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level === 'parent') return condition;
        const listener = place.level === 'listener' ? place.listener : undefined;
        const old = stored(place.object, listener).find(({ type }) => type === condition.type);
        return { ...condition, lastTransitionTime: old?.lastTransitionTime ?? condition.lastTransitionTime };
      }),
    }),
  },
  {
    name: 'listener-conditions-stay-at-their-place',
    title:
      'Where listeners change places, the times of their conditions, and the conditions of others, stay where they were.',
    clauses: ['gateway-foreign-conditions-kept', 'status-lasttransitiontime-stable'],
    layers,
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const { listeners: before = [] } = (gateway.status ?? {}) as { listeners?: ListenerStatus[] };
        const listeners = (status.listeners ?? []).map((listener, index) => {
          const old = before[index]?.conditions ?? [];
          const own = listener.conditions.filter(isOfOurs);
          const timed = own.map((condition) => {
            const same = old.find(
              ({ type, status: is }) => type === condition.type && is === condition.status,
            );
            return {
              ...condition,
              lastTransitionTime: same?.lastTransitionTime ?? condition.lastTransitionTime,
            };
          });
          return { ...listener, conditions: [...timed, ...old.filter((condition) => !isOfOurs(condition))] };
        });
        return { ...status, ...(status.listeners && { listeners }) };
      }),
    }),
  },
  {
    name: 'supported-kinds-frozen',
    title: 'The supported kinds of a listener stay as they were first written.',
    clauses: ['listener-supportedkinds-restricted'],
    layers,
    hooks: () => {
      const first = new Map<string, ListenerStatus['supportedKinds']>();
      return {
        statuses: onListenerStatuses((listener, gateway) => {
          const id = `${keyOf(gateway)} ${listener.name}`;
          if (!first.has(id)) first.set(id, listener.supportedKinds);
          return { ...listener, supportedKinds: first.get(id) ?? [] };
        }),
      };
    },
  },
  {
    name: 'entry-without-port',
    title: 'Entries do not repeat the port of their parentRef.',
    clauses: ['status-entry-echoes-parentref'],
    layers,
    hooks: () => ({
      statuses: onParents(({ parentRef: { port: _port, ...parentRef }, ...parent }) => ({
        ...parent,
        parentRef,
      })),
    }),
  },
  {
    name: 'refusal-keeps-its-first-reason',
    title:
      'A route that stays refused keeps the reason that it was refused for first, whatever it is refused for now.',
    clauses: ['status-nomatchingparent', 'status-nomatchinglistenerhostname', 'status-notallowedbylisteners'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        const before = place.level === 'parent' ? storedOf(condition.type, place) : undefined;
        return condition.type === 'Accepted' && condition.status === 'False' && before?.status === 'False'
          ? { ...condition, reason: before.reason, message: before.message }
          : condition;
      }),
    }),
  },
  {
    name: 'message-of-last-problem',
    title: 'A condition keeps its message when its reason is still the same, but about something else.',
    clauses: ['backend-not-found-message'],
    layers,
    hooks: () => ({
      statuses: onParents((parent, route, { controllerName }) => {
        const before = route.status?.parents.find(
          (each) =>
            each.controllerName === controllerName &&
            each.parentRef.name === parent.parentRef.name &&
            each.parentRef.sectionName === parent.parentRef.sectionName,
        );
        const conditions = parent.conditions?.map((condition) => {
          const old = before?.conditions?.find(({ type }) => type === condition.type);
          return old?.reason === condition.reason ? { ...condition, message: old.message } : condition;
        });
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
];

function observed(object: unknown, type: string): number | undefined {
  const { conditions = [] } = ((object as Gateway).status ?? {}) as { conditions?: Condition[] };
  return conditions.find((each) => each.type === type)?.observedGeneration;
}
