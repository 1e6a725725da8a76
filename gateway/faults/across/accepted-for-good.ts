import { keyOf } from '../../../common/object-key.ts';
import type { Condition } from '../../translate/gateway-api.ts';
import type { StatusUpdate } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { well } from '../hooks/listener-sets.ts';
import { onConditions, statusHook } from '../hooks/statuses.ts';

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

/** A Gateway with parameters that cannot be used says of itself, or of its listeners, that they are programmed. */
function programmedThoughRefused(level: 'gateway' | 'listener'): FaultHooks {
  return {
    statuses: onConditions((condition, place) =>
      place.level === level &&
      condition.type === 'Programmed' &&
      place.object.spec.infrastructure?.parametersRef !== undefined
        ? well(condition)
        : condition,
    ),
  };
}

export const refusedAndProgrammed: readonly Fault[] = [
  {
    name: 'refused-gateway-programmed',
    title: 'A Gateway whose parameters cannot be used is refused, and Programmed.',
    clauses: ['gateway-summary-conditions-always-present', 'gateway-parametersref-invalid'],
    layers: ['status', 'programmed'],
    hooks: () => programmedThoughRefused('gateway'),
  },
  {
    name: 'listeners-of-refused-gateway-programmed',
    title: 'The listeners of a Gateway whose parameters cannot be used are Programmed.',
    clauses: ['gateway-parametersref-invalid'],
    layers: ['status', 'programmed'],
    hooks: () => programmedThoughRefused('listener'),
  },
];
