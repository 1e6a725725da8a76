/** ListenerSets as scenarios read and await them. */
import type { Condition, KubernetesObject, Ref, Scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway, Listener, ListenerStatus, ParentRef, Route } from '../shapes.ts';

export interface ListenerSet extends KubernetesObject {
  spec: { parentRef: ParentRef; listeners: Listener[] };
  status?: { conditions?: ConditionStatus[]; listeners?: ListenerStatus[] };
}

/** A Gateway with the fields that concern ListenerSets. */
export interface ParentGateway extends Gateway {
  spec: Gateway['spec'] & { allowedListeners?: { namespaces: { from: string; selector?: object } } };
  status?: NonNullable<Gateway['status']> & { attachedListenerSets?: number };
}

/** The ListenerSet `name`, or `namespace/name`. */
export function setRef(written: string): Ref {
  const [name = '', namespace] = written.split('/').reverse();
  return { kind: 'ListenerSet', name, ...(namespace !== undefined && { namespace }) };
}

/** The status of one listener of a ListenerSet. */
export function entryOf(set: ListenerSet, name: string): ListenerStatus | undefined {
  return set.status?.listeners?.find((entry) => entry.name === name);
}

/** Whether the condition holds, at that generation. */
export function holds(
  conditions: ConditionStatus[] | undefined,
  { type, status, reason }: Condition,
  generation: number | undefined,
): boolean {
  const found = conditionOf(conditions, type);
  const reasons = reason === undefined ? undefined : [reason].flat();
  return (
    found?.status === status &&
    found.observedGeneration === generation &&
    (reasons?.includes(found.reason) ?? true)
  );
}

function written({ type, status, reason }: Condition): string {
  return `${type}=${status}${reason === undefined ? '' : `/${[reason].flat().join(' or ')}`}`;
}

/** Waits for the condition on the ListenerSet, at its current generation. */
export function setMustHaveCondition(t: Scenario, set: string, condition: Condition): Promise<ListenerSet> {
  return t.until<ListenerSet>(
    setRef(set),
    written(condition),
    ({ metadata, status }) => holds(status?.conditions, condition, metadata?.generation),
    condition.type === 'Programmed' ? 'programmed' : 'status',
  );
}

/** Waits until the ListenerSet is Accepted and Programmed. */
export async function setMustBeProgrammed(t: Scenario, set: string): Promise<void> {
  await setMustHaveCondition(t, set, { type: 'Accepted', status: 'True' });
  await setMustHaveCondition(t, set, { type: 'Programmed', status: 'True' });
}

/** Waits until Accepted and Programmed are False for that reason. */
export async function setMustBeRefused(t: Scenario, set: string, reason: string): Promise<void> {
  for (const type of ['Accepted', 'Programmed']) {
    await t.until<ListenerSet>(
      setRef(set),
      `${type}=False/${reason}`,
      ({ metadata, status }) =>
        holds(status?.conditions, { type, status: 'False', reason }, metadata?.generation),
      'status',
    );
  }
}

/** Waits for the condition on one listener of the ListenerSet, at the ListenerSet's current generation. */
export function entryMustHaveCondition(
  t: Scenario,
  set: string,
  entry: string,
  condition: Condition,
): Promise<ListenerSet> {
  return t.until<ListenerSet>(
    setRef(set),
    `listener ${entry}: ${written(condition)}`,
    (object) => holds(entryOf(object, entry)?.conditions, condition, object.metadata?.generation),
    'status',
  );
}

/** Waits until a listener of the ListenerSet has lost to another one: Conflicted for that reason, and neither accepted nor programmed. */
export async function entryMustBeConflicted(
  t: Scenario,
  set: string,
  entry: string,
  reason: string,
): Promise<void> {
  await entryMustHaveCondition(t, set, entry, { type: 'Conflicted', status: 'True', reason });
  await entryMustHaveCondition(t, set, entry, { type: 'Accepted', status: 'False' });
  await entryMustHaveCondition(t, set, entry, { type: 'Programmed', status: 'False' });
}

/** Waits until the Gateway counts that many attached ListenerSets; none may be left out of the status. */
export async function attachedSetsMustBe(t: Scenario, gateway: string, count: number): Promise<void> {
  await t.until<ParentGateway>(
    { kind: 'Gateway', name: gateway },
    `attachedListenerSets=${String(count)}`,
    ({ status }) => (status?.attachedListenerSets ?? 0) === count,
    'status',
  );
}

/** Waits for the condition on what the controller under test says of one parentRef: two of one route may differ in all but a field. */
export async function parentMustHaveCondition(
  t: Scenario,
  route: string,
  parent: ParentRef,
  condition: Condition,
): Promise<void> {
  await t.until<Route>(
    { kind: 'GRPCRoute', name: route },
    `${written(condition)} for ${parent.kind ?? 'Gateway'} ${parent.name} ${parent.sectionName ?? ''}`,
    ({ metadata, status }) =>
      (status?.parents ?? []).some(
        ({ parentRef, controllerName, conditions }) =>
          controllerName === t.controllerName &&
          (parentRef.kind ?? 'Gateway') === (parent.kind ?? 'Gateway') &&
          parentRef.name === parent.name &&
          parentRef.sectionName === parent.sectionName &&
          holds(conditions, condition, metadata?.generation),
      ),
    'status',
  );
}
