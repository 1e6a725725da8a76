import type { Fault } from '../fault.ts';
import { claimsOfKinds, firstAgeOfRoutes, laterConflicts } from './later-conflicts.ts';
import { conflictReach } from './conflict-reach.ts';
import { conflicts } from './conflicts.ts';

export const conflictsFaults: readonly Fault[] = [
  ...conflicts,
  ...conflictReach,
  ...claimsOfKinds,
  ...laterConflicts,
  ...firstAgeOfRoutes,
];
