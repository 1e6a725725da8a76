import type { Condition, ListenerStatus, PolicyAncestorStatus } from '../../translate/model/gateway-api.ts';
import { deepEqual } from '../../translate/memory/memo.ts';
import type { StatusUpdate } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { firstTimes } from './first-seen.ts';
import { uidOf } from './objects.ts';
import { statusHook } from './statuses.ts';

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

/** Conditions have the time of the latest write. */
export const moves = (kind: Kind) => (): FaultHooks => ({
  ...retimed(kind, () => new Date().toISOString()),
  writesRestlessly: true,
});

/** Such conditions keep the time that is stored, also when they flip. */
export const stays =
  (kind: Kind, isMeant: (condition: Condition, level: Level) => boolean = () => true) =>
  (): FaultHooks =>
    retimed(kind, (condition, before, level) => {
      const stored = isMeant(condition, level) ? before?.lastTransitionTime : undefined;
      return stored ?? condition.lastTransitionTime;
    });

/** A condition that is again what it once was has the time since which it was that first. */
export const returns = (kind: Kind) => (): FaultHooks => {
  const firstTime = firstTimes();
  return retimed(kind, (condition, _before, _level, id) => firstTime(id, condition));
};
