import { keyOf } from '../../../common/object-key.ts';
import type { Condition } from '../../translate/model/gateway-api.ts';
import type { StatusUpdate } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { well } from './listener-sets.ts';
import { statusHook } from './statuses.ts';

const isAccepted = ({ type, status }: Condition): boolean => type === 'Accepted' && status === 'True';

/** What was accepted once is reported as accepted ever after. */
export function acceptedForGood(kind: 'GatewayClass' | 'Gateway' | 'ListenerSet'): FaultHooks {
  const accepted = new Set<string>();
  return {
    statuses: statusHook((update, object): StatusUpdate => {
      if (update.kind !== kind) return update;
      const id = `${keyOf(object)} ${String(object.metadata.creationTimestamp)}`;
      const { conditions = [] } = update.status;
      if (conditions.some(isAccepted)) accepted.add(id);
      if (!accepted.has(id)) return update;
      const kept = conditions.map((each) => (each.type === 'Accepted' ? well(each) : each));
      return { ...update, status: { ...update.status, conditions: kept } };
    }),
  };
}
