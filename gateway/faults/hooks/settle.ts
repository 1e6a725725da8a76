import type { Condition, GatewayStatus, RouteStatus } from '../../translate/gateway-api.ts';
import { deepEqual } from '../../translate/memo.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/types.ts';
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

type AnyStatus = Partial<GatewayStatus & RouteStatus>;

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
    ...(status.parents && {
      parents: status.parents.map((parent, index) => ({
        ...parent,
        ...(parent.conditions && {
          conditions: oldTimes(parent.conditions, before.parents?.[index]?.conditions),
        }),
      })),
    }),
  };
}

function oldTimes(conditions: readonly Condition[], stored: readonly Condition[] = []): Condition[] {
  return conditions.map((condition) => {
    const old = stored.find(({ type, status }) => type === condition.type && status === condition.status);
    return old === undefined ? condition : { ...condition, lastTransitionTime: old.lastTransitionTime };
  });
}
