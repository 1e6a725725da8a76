import type { Fault } from '../fault.ts';
import { authoritiesInPart } from '../across/further-parts.ts';
import { hostnameCorners } from '../across/corners.ts';
import { hostnameNeighbours } from './hostname-neighbours.ts';
import { hostnameReach } from '../across/reach.ts';
import { hostnames } from './hostnames.ts';
import { hostnamesOverTls } from '../across/furthest.ts';
import { longHostnames } from '../across/long-names.ts';

export const hostnamesFaults: readonly Fault[] = [
  ...hostnames,
  ...hostnameCorners,
  ...longHostnames,
  ...hostnameReach,
  ...hostnameNeighbours,
  ...hostnamesOverTls,
  ...authoritiesInPart,
];
