import type { Fault } from '../fault.ts';
import { authoritiesInPart, hostnamesOverTls } from './authorities.ts';
import { hostnameNeighbours } from './hostname-neighbours.ts';
import { hostnames } from './hostnames.ts';
import { fewLabels, manyHostnames, longHostnames } from './long-names.ts';
import { widenedWildcards, tlsWildcards, wildcardReach } from './wildcards.ts';

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
];
