import type { Condition, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import { deepEqual } from '../../translate/memory/memo.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { firstTimes } from '../hooks/first-seen.ts';
import { uidOf } from '../hooks/objects.ts';
import { epoch, onAncestors, onConditions, onListenerStatuses, onRouteStatuses } from '../hooks/statuses.ts';
import type { ConditionPlace } from '../hooks/statuses.ts';

/** The condition as it is stored. */
export function storedOf(type: string, place: ConditionPlace): Condition | undefined {
  const conditions =
    place.level === 'parent'
      ? place.object.status?.parents.find(
          ({ controllerName, parentRef }) =>
            controllerName === place.parent.controllerName && deepEqual(parentRef, place.parent.parentRef),
        )?.conditions
      : place.level === 'gateway'
        ? place.object.status?.conditions
        : place.object.status?.listeners?.find(({ name }) => name === place.listener)?.conditions;
  return conditions?.find((each) => each.type === type);
}

const now = (): string => new Date().toISOString();

/** Conditions that say the same in other words get a new time. */
function moving(isMeant: (place: ConditionPlace) => boolean, words: 'reason' | 'message'): FaultHooks {
  return {
    statuses: onConditions((condition, place) => {
      const stored = isMeant(place) ? storedOf(condition.type, place) : undefined;
      return stored?.status === condition.status && stored[words] !== condition[words]
        ? { ...condition, lastTransitionTime: now() }
        : condition;
    }),
    writesRestlessly: true,
  };
}

/** Conditions keep the time that they had, whatever they say now. */
function staying(isMeant: (place: ConditionPlace, condition: Condition) => boolean): FaultHooks {
  return {
    statuses: onConditions((condition, place) => {
      const stored = isMeant(place, condition) ? storedOf(condition.type, place) : undefined;
      return { ...condition, lastTransitionTime: stored?.lastTransitionTime ?? condition.lastTransitionTime };
    }),
  };
}

/** Conditions that are again what they once were have the time since which they were it first. */
function returning(isMeant: (place: ConditionPlace) => boolean): FaultHooks {
  const firstTime = firstTimes();
  return {
    statuses: onConditions((condition, place) => {
      if (!isMeant(place)) return condition;
      const part =
        place.level === 'parent'
          ? place.parent.parentRef
          : place.level === 'listener'
            ? place.listener
            : undefined;
      const id = JSON.stringify([uidOf(place.object), part]);
      return { ...condition, lastTransitionTime: firstTime(id, condition) };
    }),
  };
}

/** What an entry says, and of which parent. */
function verdictOf({ parentRef, conditions = [] }: RouteParentStatus): string {
  const { kind = 'Gateway', namespace, name, sectionName, port } = parentRef;
  const said = conditions.map(({ type, status }) => `${type}=${status}`).toSorted();
  return JSON.stringify([kind, namespace, name, sectionName, port, said]);
}

/** When an entry changes, comes or goes, the other ones of the route get new times. */
const movingBesideOthers = (): FaultHooks => ({
  statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
    const isOwn = (entry: RouteParentStatus): boolean => entry.controllerName === controllerName;
    const before = new Set((route.status?.parents ?? []).filter(isOwn).map(verdictOf));
    const own = status.parents.filter(isOwn).map(verdictOf);
    if (own.length === before.size && own.every((verdict) => before.has(verdict))) return status;
    const retimed = (entry: RouteParentStatus): RouteParentStatus => ({
      ...entry,
      ...(entry.conditions && {
        conditions: entry.conditions.map((each) => ({ ...each, lastTransitionTime: now() })),
      }),
    });
    return {
      parents: status.parents.map((entry) =>
        isOwn(entry) && before.has(verdictOf(entry)) ? retimed(entry) : entry,
      ),
    };
  }),
  writesRestlessly: true,
});

const stable = ['status-lasttransitiontime-stable'];
const onFlip = ['status-lasttransitiontime-on-flip'];
const layers: Fault['layers'] = ['status'];

/** lastTransitionTime of some conditions only, or at some changes only. */
export const restlessTimes: readonly Fault[] = [
  {
    name: 'route-time-moves-with-message',
    title: 'lastTransitionTime of routes moves when a condition says the same of something else.',
    clauses: stable,
    layers,
    hooks: () => moving(({ level }) => level === 'parent', 'message'),
  },
  {
    name: 'route-time-moves-with-reason',
    title: 'lastTransitionTime of routes moves when a condition has another reason and the same status.',
    clauses: stable,
    layers,
    hooks: () => moving(({ level }) => level === 'parent', 'reason'),
  },
  {
    name: 'gateway-time-moves-with-reason',
    title: 'lastTransitionTime of Gateways moves when a condition has another reason and the same status.',
    clauses: stable,
    layers,
    hooks: () => moving(({ level }) => level === 'gateway', 'reason'),
  },
  {
    name: 'listener-times-move-with-counts',
    title: 'lastTransitionTime of listeners moves whenever a route comes or goes.',
    clauses: stable,
    layers,
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => {
        const stored = gateway.status?.listeners?.find(({ name }) => name === listener.name);
        if (stored === undefined || stored.attachedRoutes === listener.attachedRoutes) return listener;
        const conditions = listener.conditions.map((each) => ({ ...each, lastTransitionTime: now() }));
        return { ...listener, conditions };
      }),
      writesRestlessly: true,
    }),
  },
  {
    name: 'listener-programmed-time-stays',
    title: 'lastTransitionTime of listeners stays where it was when Programmed flips.',
    clauses: onFlip,
    layers,
    hooks: () => staying(({ level }, { type }) => level === 'listener' && type === 'Programmed'),
  },
  {
    name: 'listener-references-time-stays',
    title: 'lastTransitionTime of listeners stays where it was when ResolvedRefs flips.',
    clauses: onFlip,
    layers,
    hooks: () => staying(({ level }, { type }) => level === 'listener' && type === 'ResolvedRefs'),
  },
  {
    name: 'route-time-stays-when-mended',
    title: 'lastTransitionTime of routes stays where it was when a condition turns True.',
    clauses: onFlip,
    layers,
    hooks: () => staying(({ level }, { status }) => level === 'parent' && status === 'True'),
  },
  {
    name: 'gateway-time-stays-when-refused',
    title: 'lastTransitionTime of Gateways and listeners stays where it was when a condition turns False.',
    clauses: onFlip,
    layers,
    hooks: () => staying(({ level }, { status }) => level !== 'parent' && status === 'False'),
  },
  {
    name: 'gateway-own-times-stay',
    title:
      'lastTransitionTime of Gateways, unlike that of listeners, stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: () => staying(({ level }) => level === 'gateway'),
  },
  {
    name: 'route-condition-gets-old-time-back',
    title:
      'lastTransitionTime of routes is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: () => returning(({ level }) => level === 'parent'),
  },
  {
    name: 'gateway-condition-gets-old-time-back',
    title:
      'lastTransitionTime of Gateways and listeners is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: () => returning(({ level }) => level !== 'parent'),
  },
  {
    name: 'route-times-move-beside-other-parents',
    title: 'lastTransitionTime of an entry of a route moves when another entry of it changes, comes or goes.',
    clauses: stable,
    layers,
    hooks: movingBesideOthers,
  },
];

/** Times that no condition can have. */
export const timesOfEpoch: readonly Fault[] = [
  {
    name: 'gateway-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of Gateways and listeners is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? condition : { ...condition, lastTransitionTime: epoch },
      ),
    }),
  },
  {
    name: 'policy-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of policies is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set'],
    layers,
    hooks: () => ({
      statuses: onAncestors((ancestor) => ({
        ...ancestor,
        conditions: ancestor.conditions.map((each) => ({ ...each, lastTransitionTime: epoch })),
      })),
    }),
  },
];
