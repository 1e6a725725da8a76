import type { KubernetesObject, Scenario } from '../harness/index.ts';

interface RouteWithStatus extends KubernetesObject {
  status?: { parents?: { controllerName: string; conditions?: RouteCondition[] }[] };
}

interface RouteCondition {
  type: string;
  status: string;
  reason: string;
  message?: string;
  observedGeneration?: number;
}

/** The conditions that the controller under test has set for the object's current generation, of all its parents. */
export function currentConditions(t: Scenario, route: RouteWithStatus): RouteCondition[] {
  const parents = route.status?.parents ?? [];
  return parents
    .filter(({ controllerName }) => controllerName === t.controllerName)
    .flatMap(({ conditions }) => conditions ?? [])
    .filter(({ observedGeneration }) => observedGeneration === route.metadata?.generation);
}

/**
 * Some forms of a match are optional (RegularExpression, method without service). An implementation without one has to say
 * so: Accepted=False/UnsupportedValue (clauses method-regex-unsupported-visible, method-only-unsupported-visible).
 *
 * @param form - the optional form, for the note
 * @returns false when the route was declined that way, true once it is accepted
 */
export async function acceptedOrDeclined(t: Scenario, route: string, form: string): Promise<boolean> {
  const accepted = (object: KubernetesObject): RouteCondition | undefined =>
    currentConditions(t, object).find(({ type }) => type === 'Accepted');
  const judged = await t.until(
    { kind: 'GRPCRoute', name: route },
    'an Accepted condition at the current generation',
    (object) => accepted(object) !== undefined,
    'status',
  );
  const condition = accepted(judged);
  if (condition?.status === 'False' && condition.reason === 'UnsupportedValue') {
    t.note(`${form} is not supported, and the route says so`);
    return false;
  }
  await t.routeMustBeAccepted(route);
  return true;
}
