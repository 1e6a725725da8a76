import type { Scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

/**
 * Whether a GRPCRoute and an HTTPRoute share their hostname here, as v1.7.0 allows: then there is no conflict to judge, and
 * listener/same-hostname sees that both serve. A release that demands one winner leaves no choice.
 *
 * @param loser - the route that would be refused
 */
export async function sharesHostname(
  t: Scenario,
  loser: { kind: 'GRPCRoute' | 'HTTPRoute'; name: string },
): Promise<boolean> {
  if (t.holds('hostname-conflict-exactly-one')) return false;
  const accepted = (route: Route) => conditionOf(currentConditions(t, route), 'Accepted')?.status;
  const judged = await t.until<Route>(
    loser,
    'it has a verdict',
    (route) => ['True', 'False'].includes(accepted(route) ?? ''),
    'status',
  );
  if (accepted(judged) === 'False') return false;
  t.note('Both kinds share a hostname here, as v1.7.0 allows.');
  return true;
}
