import type { Fault } from '../fault.ts';
import { authoritiesInPart, hostnamesOverTls, authoritiesBesideWildcards } from './authorities.ts';
import { hostnameNeighbours } from './hostname-neighbours.ts';
import { hostnames } from './hostnames.ts';
import { fewLabels, manyHostnames, longHostnames } from './long-names.ts';
import { widenedWildcards, tlsWildcards, wildcardReach, tlsApex } from './wildcards.ts';

export const hostnamesFaults: readonly Fault[] = [
  ...hostnames,
  ...widenedWildcards,
  ...manyHostnames,
  ...tlsWildcards,
  ...longHostnames,
  ...wildcardReach,
  ...hostnameNeighbours,
  ...hostnamesOverTls,
  ...authoritiesInPart,
  ...fewLabels,
  ...authoritiesBesideWildcards,
  ...tlsApex,
];
