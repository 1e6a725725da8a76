import { keyOf } from '../../../common/object-key.ts';
import type { Condition, Gateway } from '../../translate/model/gateway-api.ts';
import { deepEqual } from '../../translate/memory/memo.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onSetConditions } from '../hooks/listener-sets.ts';
import {
  isUnresolved,
  onAncestors,
  onConditions,
  onListenerStatuses,
  onParents,
  onUnsharedListeners,
} from '../hooks/statuses.ts';
import type { ConditionPlace } from '../hooks/statuses.ts';
import { stored } from './later-statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

/** The condition at the generation of the one that was there before, if there was one. */
function atEarlier(condition: Condition, before: readonly Condition[] = []): Condition {
  const earlier = before.find(({ type }) => type === condition.type)?.observedGeneration;
  return earlier === undefined ? condition : { ...condition, observedGeneration: earlier };
}

/** As atEarlier, where it was False then and is so now. */
function lasting(condition: Condition, before: readonly Condition[] = []): Condition {
  return condition.status === 'False'
    ? atEarlier(
        condition,
        before.filter(({ status }) => status === 'False'),
      )
    : condition;
}

function keeping(isMeant: (place: ConditionPlace, type: string) => boolean): FaultHooks {
  return {
    statuses: onConditions((condition, place) => {
      if (place.level === 'parent' || !isMeant(place, condition.type)) return condition;
      return atEarlier(
        condition,
        stored(place.object, place.level === 'listener' ? place.listener : undefined),
      );
    }),
  };
}

/** Conditions that are written, and do not follow an edit that changes nothing of what they say. */
export const staleGenerations: readonly Fault[] = [
  {
    name: 'conflicted-generation-stale',
    title: 'As long as a listener is in conflict, its condition Conflicted keeps the generation it began at.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers,
    hooks: () => keeping(({ level }, type) => level === 'listener' && type === 'Conflicted'),
  },
  {
    name: 'entry-conflicted-generation-stale',
    title:
      'As long as a listener of a ListenerSet is in conflict, its condition Conflicted keeps the generation it began at.',
    clauses: ['listenerset-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onSetConditions((condition, entry, set) =>
        condition.type === 'Conflicted' && entry !== undefined
          ? atEarlier(condition, set.status?.listeners?.find(({ name }) => name === entry.name)?.conditions)
          : condition,
      ),
    }),
  },
  {
    name: 'lasting-set-refusal-generation-stale',
    title:
      'Conditions of ListenerSets that are False, and stay so, keep their generation through later edits.',
    clauses: ['listenerset-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onSetConditions((condition, entry, set) =>
        entry === undefined ? lasting(condition, set.status?.conditions) : condition,
      ),
    }),
  },
  {
    name: 'lasting-policy-refusal-generation-stale',
    title:
      'Conditions of BackendTLSPolicies that are False, and stay so, keep their generation through later edits.',
    clauses: ['btls-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onAncestors((ancestor, policy) => {
        const before = policy.status?.ancestors.find(
          ({ ancestorRef, controllerName }) =>
            controllerName === ancestor.controllerName && deepEqual(ancestorRef, ancestor.ancestorRef),
        )?.conditions;
        return { ...ancestor, conditions: ancestor.conditions.map((each) => lasting(each, before)) };
      }),
    }),
  },
  {
    name: 'overlap-generation-stale',
    title:
      'As long as listeners overlap, their condition OverlappingTLSConfig keeps the generation it began at.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers,
    hooks: () => keeping(({ level }, type) => level === 'listener' && type === 'OverlappingTLSConfig'),
  },
  {
    name: 'insecure-mode-generation-stale',
    title:
      'As long as a Gateway admits every client, its condition InsecureFrontendValidationMode keeps the generation it began at.',
    clauses: ['gateway-observedgeneration-current'],
    layers,
    hooks: () =>
      keeping(({ level }, type) => level === 'gateway' && type === 'InsecureFrontendValidationMode'),
  },
  {
    name: 'default-gateway-generation-stale',
    title:
      'As long as a Gateway is a default Gateway, its condition DefaultGateway keeps the generation it began at.',
    clauses: ['gateway-observedgeneration-current'],
    layers,
    channel: 'experimental',
    hooks: () => keeping(({ level }, type) => level === 'gateway' && type === 'DefaultGateway'),
  },
  {
    name: 'listeners-untouched-generation-stale',
    title:
      'The conditions of listeners follow the generation of their Gateway only when listeners are edited.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers,
    hooks: () => {
      const seen = new Map<string, { text: string; generation: number | undefined }>();
      const editedAt = (gateway: Gateway): number | undefined => {
        const text = JSON.stringify(gateway.spec.listeners);
        const before = seen.get(keyOf(gateway));
        if (before?.text === text) return before.generation;
        seen.set(keyOf(gateway), { text, generation: gateway.metadata.generation });
        return gateway.metadata.generation;
      };
      return {
        statuses: onConditions((condition, place) => {
          if (place.level !== 'listener') return condition;
          const generation = editedAt(place.object);
          return generation === undefined ? condition : { ...condition, observedGeneration: generation };
        }),
      };
    },
  },
];

/** Generations of what is not the first of its kind, or wrong for long. */
export const laterGenerations: readonly Fault[] = [
  {
    name: 'later-listener-generation-stale',
    title:
      'The conditions of all listeners of a Gateway but the first keep the generation that they were first written for.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () =>
      onUnsharedListeners((listener, index) => ({
        ...listener,
        conditions: listener.conditions.map((each) =>
          index === 0 ? each : { ...each, observedGeneration: 1 },
        ),
      })),
  },
  {
    name: 'later-ancestor-generation-stale',
    title: 'Of the entries of a policy only the first has the generation of the latest edit.',
    clauses: ['btls-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onAncestors((ancestor, _policy, index) => ({
        ...ancestor,
        conditions: ancestor.conditions.map((each) =>
          index === 0 ? each : { ...each, observedGeneration: 1 },
        ),
      })),
    }),
  },
  {
    name: 'lasting-problem-generation-stale',
    title: 'ResolvedRefs=False keeps the generation that it was first written for through later edits.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const before = (route.status?.parents ?? [])
          .flatMap(({ conditions = [] }) => conditions)
          .find(isUnresolved)?.observedGeneration;
        const conditions = (parent.conditions ?? []).map((each) =>
          isUnresolved(each) && before !== undefined ? { ...each, observedGeneration: before } : each,
        );
        return { ...parent, conditions };
      }),
    }),
  },
];

/** A condition that is False now and was before keeps its generation. */
function withLasting(conditions: readonly Condition[], before: readonly Condition[] = []): Condition[] {
  return conditions.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    return old?.observedGeneration !== undefined && old.status === 'False' && condition.status === 'False'
      ? { ...condition, observedGeneration: old.observedGeneration }
      : condition;
  });
}

/** Verdicts that stay what they were, at a generation that is not theirs. */
export const lastingVerdicts: readonly Fault[] = [
  {
    name: 'lasting-refusal-generation-stale',
    title: 'Accepted=False keeps the generation that it was first written for through later edits.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { controllerName }) => {
        const before = (route.status?.parents ?? []).find(
          (each) =>
            each.controllerName === controllerName &&
            each.parentRef.name === parent.parentRef.name &&
            each.parentRef.sectionName === parent.parentRef.sectionName,
        );
        const isRefusal = ({ type }: Condition): boolean => type === 'Accepted';
        const conditions = (parent.conditions ?? []).flatMap((each) =>
          isRefusal(each) ? withLasting([each], before?.conditions) : each,
        );
        return { ...parent, conditions };
      }),
    }),
  },
  {
    name: 'lasting-listener-problem-generation-stale',
    title: 'Conditions of listeners that are False, and stay so, keep their generation through later edits.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => ({
        ...listener,
        conditions: withLasting(
          listener.conditions,
          gateway.status?.listeners?.find(({ name }) => name === listener.name)?.conditions,
        ),
      })),
    }),
  },
];
