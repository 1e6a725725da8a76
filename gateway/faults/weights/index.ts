import type { Fault } from '../fault.ts';
import { connectionShares } from '../across/connections.ts';
import { sameBackends } from '../across/same-names.ts';
import { shares } from './shares.ts';
import { weightReach } from '../across/reach.ts';
import { weights } from './weights.ts';
import { weightsBeside } from './weights-beside.ts';
import { weightsUnderWildcards } from '../across/mixed-matches.ts';

export const weightsFaults: readonly Fault[] = [
  ...weights,
  ...shares,
  ...connectionShares,
  ...sameBackends,
  ...weightReach,
  ...weightsUnderWildcards,
  ...weightsBeside,
];
