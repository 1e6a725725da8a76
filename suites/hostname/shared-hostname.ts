import type { Scenario } from '../../harness/index.ts';
import { acceptedOrRefused, type RouteRef } from '../optional-support.ts';

/**
 * Whether a GRPCRoute and an HTTPRoute share their hostname here, as v1.7.0 allows: then there is no conflict to judge, and
 * listener/same-hostname sees that both serve. A release that demands one winner leaves no choice.
 *
 * @param loser - the route that would be refused
 */
export async function sharesHostname(t: Scenario, loser: RouteRef): Promise<boolean> {
  if (t.holds('hostname-conflict-exactly-one')) return false;
  if (!(await acceptedOrRefused(t, loser))) return false;
  t.note('Both kinds share a hostname here, as v1.7.0 allows.');
  return true;
}
