import type {
  Condition,
  GatewayStatus,
  PolicyStatus,
  RouteStatus,
} from '../../translate/model/gateway-api.ts';
import { deepEqual } from '../../translate/memory/memo.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import { objectOf } from './statuses.ts';

/**
 * Leaves out what the objects carry already. The translator compares with what it would have written itself, so a changed status
 * comes again after each event, with a new time; written each time, it would never come to rest.
 */
export function settle(updates: readonly StatusUpdate[], input: TranslateInput): StatusUpdate[] {
  return updates.flatMap((update) => {
    const stored = objectOf(update, input)?.status;
    const status = withOldTimes(update.status, stored);
    return deepEqual(status, stored) ? [] : [{ ...update, status } as StatusUpdate];
  });
}

type AnyStatus = Partial<GatewayStatus & RouteStatus & PolicyStatus>;

function withOldTimes(next: object, stored: object | undefined): object {
  const [status, before] = [next as AnyStatus, (stored ?? {}) as AnyStatus];
  return {
    ...status,
    ...(status.conditions && { conditions: oldTimes(status.conditions, before.conditions) }),
    ...(status.listeners && {
      listeners: status.listeners.map((listener) => ({
        ...listener,
        conditions: oldTimes(
          listener.conditions,
          before.listeners?.find(({ name }) => name === listener.name)?.conditions,
        ),
      })),
    }),
    ...(status.parents && { parents: entriesWithOldTimes(status.parents, before.parents) }),
    ...(status.ancestors && { ancestors: entriesWithOldTimes(status.ancestors, before.ancestors) }),
  };
}

function entriesWithOldTimes<T extends { conditions?: Condition[] }>(
  entries: readonly T[],
  stored: readonly T[] = [],
): T[] {
  return entries.map((entry, index) => ({
    ...entry,
    ...(entry.conditions && { conditions: oldTimes(entry.conditions, stored[index]?.conditions) }),
  }));
}

function oldTimes(conditions: readonly Condition[], stored: readonly Condition[] = []): Condition[] {
  return conditions.map((condition) => {
    const old = stored.find(({ type, status }) => type === condition.type && status === condition.status);
    return old === undefined ? condition : { ...condition, lastTransitionTime: old.lastTransitionTime };
  });
}
