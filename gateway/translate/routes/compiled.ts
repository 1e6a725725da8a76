import type { Specificity } from '../matches/specificity.ts';
import { compareText } from '../memory/compare-text.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { BackendObjectReference } from '../model/gateway-api.ts';
import type { Problem } from '../model/problems.ts';
import type { BackendCluster, Resolution } from '../backends/references.ts';

export interface RankedRoute {
  route: IrRoute;
  specificity: Specificity;
  /** Creation time of the route object in ms, then `namespace/name`, rule and match break ties, in this order. */
  created: number;
  rule: number;
  match: number;
}

interface InvalidRule extends Problem {
  index: number;
}

/** A route on its own: everything about it that no Gateway has a say in. */
export interface CompiledRoute {
  /** The route's own, not yet cut to those of a listener. */
  hostnames: readonly string[];
  routes: RankedRoute[];
  /** Clusters that `routes` name, each once. */
  clusters: BackendCluster[];
  /** References that do not resolve, in spec order. */
  unresolved: Problem[];
  /** Rules that cannot be implemented and are left out. */
  invalidRules: InvalidRule[];
  ruleCount: number;
  /** Every backendRef with what came of it, so that a changed Service or grant recompiles only the routes that it concerns. */
  followed: FollowedRef[];
}

export interface FollowedRef {
  ref: BackendObjectReference;
  resolution: Resolution;
}

/** Orders the routes of one host; total, so that the result does not depend on the input's order. */
export function comparePrecedence(left: RankedRoute, right: RankedRoute): number {
  const length = Math.max(left.specificity.length, right.specificity.length);
  for (let i = 0; i < length; i++) {
    const difference = (right.specificity[i] ?? 0) - (left.specificity[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.created !== right.created) return left.created - right.created;
  const byKey = compareText(left.route.source.key, right.route.source.key);
  if (byKey !== 0) return byKey;
  const byKind = compareText(left.route.source.kind, right.route.source.kind);
  return byKind !== 0 ? byKind : left.rule - right.rule || left.match - right.match;
}
