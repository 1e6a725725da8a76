import type { Fault } from '../fault.ts';
import { claims } from '../across/arrival.ts';
import { fartherRanks } from '../across/furthest.ts';
import { hostRanks } from './host-ranks.ts';
import { hostRanksOverTls } from '../across/further-parts.ts';
import { precedence } from './precedence.ts';
import { precedenceReach } from '../across/reach.ts';
import { ties } from '../across/mixed-matches.ts';

export const precedenceFaults: readonly Fault[] = [
  ...precedence,
  ...precedenceReach,
  ...ties,
  ...claims,
  ...hostRanks,
  ...fartherRanks,
  ...hostRanksOverTls,
];
