import type { Condition, ListenerStatus, PolicyAncestorStatus } from '../../translate/gateway-api.ts';
import { deepEqual } from '../../translate/memo.ts';
import type { StatusUpdate } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { firstTimes } from '../hooks/first-seen.ts';
import { uidOf } from '../hooks/objects.ts';
import { statusHook } from '../hooks/statuses.ts';

type Kind = 'GatewayClass' | 'ListenerSet' | 'BackendTLSPolicy';

interface AnyStatus {
  conditions?: Condition[];
  listeners?: ListenerStatus[];
  ancestors?: PolicyAncestorStatus[];
}

/** Of the object as a whole, of one of its listeners, or of one of its ancestors. */
type Level = 'object' | 'listener' | 'ancestor';

type TimeOf = (
  condition: Condition,
  before: Condition | undefined,
  level: Level,
  /** Of all conditions of one list. */
  id: string,
) => Condition['lastTransitionTime'];

/** Gives the conditions of ours on objects of a kind other times, seeing those that are stored. */
function retimed(kind: Kind, timeOf: TimeOf): FaultHooks {
  const all = (
    level: Level,
    id: string,
    conditions: readonly Condition[],
    before: readonly Condition[] = [],
  ): Condition[] =>
    conditions.map((condition) => {
      const { type } = condition;
      if (type.includes('/')) return condition;
      const stored = before.find((each) => each.type === type);
      return { ...condition, lastTransitionTime: timeOf(condition, stored, level, id) };
    });
  return {
    statuses: statusHook((update, object, { controllerName }) => {
      if (update.kind !== kind) return update;
      const { conditions, listeners, ancestors } = update.status as AnyStatus;
      const before = (object.status ?? {}) as AnyStatus;
      const id = uidOf(object) ?? '';
      const status: AnyStatus = {
        ...update.status,
        ...(conditions && { conditions: all('object', id, conditions, before.conditions) }),
        ...(listeners && {
          listeners: listeners.map((entry) => {
            const stored = before.listeners?.find(({ name }) => name === entry.name);
            const entryId = `${id} ${entry.name}`;
            return { ...entry, conditions: all('listener', entryId, entry.conditions, stored?.conditions) };
          }),
        }),
        ...(ancestors && {
          ancestors: ancestors.map((entry) => {
            if (entry.controllerName !== controllerName) return entry;
            const stored = before.ancestors?.find(({ ancestorRef }) =>
              deepEqual(ancestorRef, entry.ancestorRef),
            );
            const entryId = `${id} ${entry.ancestorRef.namespace ?? ''}/${entry.ancestorRef.name}`;
            return { ...entry, conditions: all('ancestor', entryId, entry.conditions, stored?.conditions) };
          }),
        }),
      };
      return { ...update, status } as StatusUpdate;
    }),
  };
}

const moves = (kind: Kind) => (): FaultHooks => ({
  ...retimed(kind, () => new Date().toISOString()),
  writesRestlessly: true,
});

const stays =
  (kind: Kind, isMeant: (condition: Condition, level: Level) => boolean = () => true) =>
  (): FaultHooks =>
    retimed(kind, (condition, before, level) => {
      const stored = isMeant(condition, level) ? before?.lastTransitionTime : undefined;
      return stored ?? condition.lastTransitionTime;
    });

/** A condition that is again what it once was has the time since which it was that first. */
const returns = (kind: Kind) => (): FaultHooks => {
  const firstTime = firstTimes();
  return retimed(kind, (condition, _before, _level, id) => firstTime(id, condition));
};

const stable = ['status-lasttransitiontime-stable'];
const onFlip = ['status-lasttransitiontime-on-flip'];
const layers: Fault['layers'] = ['status'];

export const classTimes: readonly Fault[] = [
  {
    name: 'class-transition-times-move',
    title: 'lastTransitionTime of classes moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('GatewayClass'),
  },
  {
    name: 'class-transition-times-stay',
    title: 'lastTransitionTime of classes stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('GatewayClass'),
  },
  {
    name: 'class-time-stays-when-refused',
    title: 'lastTransitionTime of classes stays where it was when a condition turns False.',
    clauses: onFlip,
    layers,
    hooks: stays('GatewayClass', ({ status }) => status === 'False'),
  },
  {
    name: 'class-condition-gets-old-time-back',
    title:
      'lastTransitionTime of classes is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('GatewayClass'),
  },
];

export const setTimes: readonly Fault[] = [
  {
    name: 'listener-set-transition-times-move',
    title: 'lastTransitionTime of ListenerSets and their listeners moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('ListenerSet'),
  },
  {
    name: 'listener-set-transition-times-stay',
    title:
      'lastTransitionTime of ListenerSets and their listeners stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('ListenerSet'),
  },
  {
    name: 'listener-set-own-times-stay',
    title:
      'lastTransitionTime of ListenerSets, unlike that of their listeners, stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('ListenerSet', (_condition, level) => level === 'object'),
  },
  {
    name: 'listener-set-condition-gets-old-time-back',
    title:
      'lastTransitionTime of ListenerSets and their listeners is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('ListenerSet'),
  },
];

export const policyTimes: readonly Fault[] = [
  {
    name: 'policy-transition-times-move',
    title: 'lastTransitionTime of BackendTLSPolicies moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('BackendTLSPolicy'),
  },
  {
    name: 'policy-transition-times-stay',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy'),
  },
  {
    name: 'policy-accepted-time-stays',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when Accepted flips.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy', ({ type }) => type === 'Accepted'),
  },
  {
    name: 'policy-time-stays-when-mended',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when a condition turns True.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy', ({ status }) => status === 'True'),
  },
  {
    name: 'policy-condition-gets-old-time-back',
    title:
      'lastTransitionTime of BackendTLSPolicies is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('BackendTLSPolicy'),
  },
];
