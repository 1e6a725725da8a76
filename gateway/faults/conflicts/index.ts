import type { Fault } from '../fault.ts';
import { claimsOfKinds, firstAgeOfRoutes, laterConflicts } from './later-conflicts.ts';
import { conflictReach, conflictsOfRefused } from './conflict-reach.ts';
import { conflicts, conflictsOfNamesakes } from './conflicts.ts';

export const conflictsFaults: readonly Fault[] = [
  ...conflicts,
  ...conflictReach,
  ...claimsOfKinds,
  ...laterConflicts,
  ...firstAgeOfRoutes,
  ...conflictsOfNamesakes,
  ...conflictsOfRefused,
];
