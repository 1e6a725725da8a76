import type { Fault } from '../fault.ts';
import { claims } from './claims.ts';
import { comparedRanks, fartherRanks, manyHeaders } from './rule-ranks.ts';
import { hostRanks, hostRanksOverTls, listedOrder, longFalls, tiesOverTls } from './host-ranks.ts';
import { namespaceTies, ties } from './ties.ts';
import { precedence } from './precedence.ts';

export const precedenceFaults: readonly Fault[] = [
  ...precedence,
  ...manyHeaders,
  ...namespaceTies,
  ...ties,
  ...listedOrder,
  ...claims,
  ...hostRanks,
  ...fartherRanks,
  ...hostRanksOverTls,
  ...comparedRanks,
  ...longFalls,
  ...tiesOverTls,
];
