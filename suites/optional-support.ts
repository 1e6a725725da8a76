import type { KubernetesObject, Ref, Scenario } from '../harness/index.ts';
import { entriesOf, type ConditionStatus, type Route } from './shapes.ts';

/** The conditions that the controller under test has set for the object's current generation, of all its parents. */
export function currentConditions(t: Scenario, route: KubernetesObject): ConditionStatus[] {
  return entriesOf(route as Route, t.controllerName)
    .flatMap(({ conditions }) => conditions)
    .filter(({ observedGeneration }) => observedGeneration === route.metadata?.generation);
}

export interface RouteRef {
  kind: 'GRPCRoute' | 'HTTPRoute';
  name: string;
}

/** Waits until the object has all these conditions at its current generation. Returns whether none of them is False. */
export async function noneIsFalse(
  t: Scenario,
  ref: Ref,
  types: readonly string[],
  conditionsOf: (object: KubernetesObject) => readonly ConditionStatus[] | undefined,
): Promise<boolean> {
  const judged = (object: KubernetesObject): ConditionStatus[] =>
    (conditionsOf(object) ?? []).filter(
      ({ type, observedGeneration }) =>
        types.includes(type) && observedGeneration === object.metadata?.generation,
    );
  const object = await t.until(
    ref,
    `${types.join(', ')} at its generation`,
    (each) => judged(each).length === types.length,
    'status',
  );
  return judged(object).every(({ status }) => status !== 'False');
}

/** Waits until the route has a verdict at its current generation, whichever it is. Returns whether it is accepted. */
export async function acceptedOrRefused(t: Scenario, route: RouteRef): Promise<boolean> {
  const accepted = (object: KubernetesObject): string | undefined =>
    currentConditions(t, object).find(({ type }) => type === 'Accepted')?.status;
  const judged = await t.until(
    route,
    'it has a verdict',
    (object) => ['True', 'False'].includes(accepted(object) ?? ''),
    'status',
  );
  return accepted(judged) === 'True';
}

/**
 * Some forms of a match are optional (RegularExpression, method without service). An implementation without one has to say
 * so: Accepted=False/UnsupportedValue, or PartiallyInvalid=True where other rules of the route can be used (clauses
 * method-regex-unsupported-visible, method-only-unsupported-visible).
 *
 * @param route - a GRPCRoute by name, or another kind of route
 * @param form - the optional form, for the note
 * @param visible - the inferred clause that asks for that reason; without one it is demanded
 * @returns false when the route was declined, true once it is accepted
 */
export async function acceptedOrDeclined(
  t: Scenario,
  route: string | RouteRef,
  form: string,
  visible?: string,
): Promise<boolean> {
  const { kind, name } = typeof route === 'string' ? { kind: 'GRPCRoute' as const, name: route } : route;
  const accepted = (object: KubernetesObject): ConditionStatus | undefined =>
    currentConditions(t, object).find(({ type }) => type === 'Accepted');
  const until = (what: string, ready: (object: KubernetesObject) => boolean): Promise<KubernetesObject> =>
    t.until({ kind, name }, what, ready, 'status');
  const isAccepted = (object: KubernetesObject): boolean => accepted(object)?.status === 'True';
  let judged = await until(
    'an Accepted condition at the current generation',
    (object) => accepted(object) !== undefined,
  );
  if (visible !== undefined) {
    await t.implied([visible], async () => {
      judged = await until(
        'accepted, or declined with reason UnsupportedValue',
        (object) => isAccepted(object) || saysUnsupported(t, object),
      );
    });
  }
  if (saysUnsupported(t, judged)) {
    t.note(`${form} is not supported, and the route says so`);
    return false;
  }
  if (visible !== undefined && !isAccepted(judged)) return false;
  await t.routeMustBeAccepted(name, { kind });
  return true;
}

function saysUnsupported(t: Scenario, route: KubernetesObject): boolean {
  return currentConditions(t, route).some(
    ({ type, status, reason }) =>
      reason === 'UnsupportedValue' &&
      ((type === 'Accepted' && status === 'False') || (type === 'PartiallyInvalid' && status === 'True')),
  );
}

/**
 * Waits until the route is visibly not (wholly) accepted: Accepted=False, or PartiallyInvalid=True where only some of its
 * rules are at fault. Which of the two, and the reason, are the implementation's choice.
 */
export async function routeMustBeDeclined(t: Scenario, route: string): Promise<void> {
  await t.until(
    { kind: 'GRPCRoute', name: route },
    'Accepted=False or PartiallyInvalid=True',
    (object) =>
      currentConditions(t, object).some(
        ({ type, status }) =>
          (type === 'Accepted' && status === 'False') || (type === 'PartiallyInvalid' && status === 'True'),
      ),
    'status',
  );
}
