import type { Fault } from '../fault.ts';
import { literalMatches } from '../across/literal-values.ts';
import { longMatches } from '../across/long-names.ts';
import { longestMatches } from '../across/furthest.ts';
import { matchCorners } from '../across/corners.ts';
import { matchReach } from '../across/reach.ts';
import { matching } from './matching.ts';
import { mixedMatches } from '../across/mixed-matches.ts';
import { routesOfHosts } from '../across/combined-reach.ts';
import { sameRules } from '../across/same-names.ts';

export const matchingFaults: readonly Fault[] = [
  ...matching,
  ...matchCorners,
  ...longMatches,
  ...matchReach,
  ...mixedMatches,
  ...routesOfHosts,
  ...literalMatches,
  ...longestMatches,
  ...sameRules,
];
