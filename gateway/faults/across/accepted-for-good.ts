import { keyOf } from '../../../common/object-key.ts';
import type { Condition } from '../../translate/gateway-api.ts';
import type { StatusUpdate } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { well } from '../hooks/listener-sets.ts';
import { statusHook } from '../hooks/statuses.ts';

const isAccepted = ({ type, status }: Condition): boolean => type === 'Accepted' && status === 'True';

/** What was accepted once is reported as accepted ever after. */
function acceptedForGood(kind: 'GatewayClass' | 'Gateway' | 'ListenerSet'): FaultHooks {
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

/** Verdicts that an edit does not turn back. */
export const classAcceptedForGood: Fault = {
  name: 'class-accepted-for-good',
  title: 'A class that was accepted stays so when it gets parameters that cannot be used.',
  clauses: ['class-parametersref-invalid'],
  layers: ['status'],
  hooks: () => acceptedForGood('GatewayClass'),
};

export const gatewayAcceptedForGood: Fault = {
  name: 'gateway-accepted-for-good',
  title: 'A Gateway that was accepted stays so when an edit leaves it without a valid listener.',
  clauses: ['gateway-listenersnotvalid-none-valid', 'gateway-parametersref-invalid'],
  layers: ['status'],
  hooks: () => acceptedForGood('Gateway'),
};

export const setAcceptedForGood: Fault = {
  name: 'listener-set-accepted-for-good',
  title: 'A ListenerSet that was accepted stays so when its Gateway is not accepted any more.',
  clauses: ['listenerset-parent-not-accepted'],
  layers: ['status'],
  hooks: () => acceptedForGood('ListenerSet'),
};
