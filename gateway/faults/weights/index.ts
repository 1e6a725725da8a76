import type { Fault } from '../fault.ts';
import { connectionShares, weightReach, weightsUnderWildcards } from './weights-of-some-calls.ts';
import { sameBackends } from './merged-backends.ts';
import { shares } from './shares.ts';
import { weights } from './weights.ts';
import { weightsBeside } from './weights-beside.ts';

export const weightsFaults: readonly Fault[] = [
  ...weights,
  ...shares,
  ...connectionShares,
  ...sameBackends,
  ...weightReach,
  ...weightsUnderWildcards,
  ...weightsBeside,
];
