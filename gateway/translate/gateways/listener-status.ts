import { mergeConditions, positive } from '../model/conditions.ts';
import type { ConditionContext, DesiredCondition } from '../model/conditions.ts';
import type { ListenerStatus } from '../model/gateway-api.ts';
import { groupKinds } from './listener-model.ts';
import type { ListenerModel } from './listener-model.ts';
import { summarise } from '../model/problems.ts';
import type { Problem } from '../model/problems.ts';

const owned = ['Accepted', 'Programmed', 'ResolvedRefs', 'Conflicted', 'OverlappingTLSConfig'];

export interface ListenerStatusInput {
  listener: ListenerModel;
  attachedRoutes: number;
  existing: ListenerStatus | undefined;
  /** What keeps the whole Gateway from being programmed. */
  notProgrammed: Problem | undefined;
  context: ConditionContext;
}

export function listenerStatus(input: ListenerStatusInput): ListenerStatus {
  const { listener, attachedRoutes, existing, context } = input;
  return {
    name: listener.name,
    supportedKinds: groupKinds(listener.supportedKinds),
    attachedRoutes,
    conditions: mergeConditions(existing?.conditions, conditionsOf(input), owned, context),
  };
}

/** Conflicted and OverlappingTLSConfig have negative polarity: they are absent when there is nothing to say. */
function conditionsOf({ listener, notProgrammed }: ListenerStatusInput): DesiredCondition[] {
  const { notAccepted, conflict, overlap } = listener;
  const conditions = [
    positive('Accepted', 'Accepted', 'Listener is accepted', notAccepted ?? conflict),
    positive(
      'Programmed',
      'Programmed',
      'Listener is programmed',
      notProgrammedBecause(listener, notProgrammed),
    ),
    positive('ResolvedRefs', 'ResolvedRefs', 'All references resolve', summarise(listener.unresolved)),
  ];
  if (conflict !== undefined) conditions.push({ type: 'Conflicted', status: 'True', ...conflict });
  if (overlap !== undefined) conditions.push({ type: 'OverlappingTLSConfig', status: 'True', ...overlap });
  return conditions;
}

function notProgrammedBecause(listener: ListenerModel, ofGateway: Problem | undefined): Problem | undefined {
  // Of entries of a ListenerSet, Programmed says what stands in the way (ListenerSetHostnameConflict).
  if (listener.set !== undefined && listener.conflict !== undefined) return listener.conflict;
  const own = listener.notAccepted ?? listener.conflict;
  if (own !== undefined) return { reason: 'Invalid', message: own.message };
  if (listener.notServed !== undefined) return listener.notServed;
  if (ofGateway === undefined) return undefined;
  // The reasons a listener has are Invalid and Pending; an address that is missing is a wait like any other.
  const waits = ['AddressNotAssigned', 'Pending'].includes(ofGateway.reason);
  return { reason: waits ? 'Pending' : 'Invalid', message: ofGateway.message };
}
