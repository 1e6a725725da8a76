import type { Fault } from '../fault.ts';
import { claimsOfKinds } from '../across/arrival.ts';
import { conflictReach } from './conflict-reach.ts';
import { conflicts } from './conflicts.ts';
import { firstAgeOfRoutes } from '../across/as-before.ts';
import { laterConflicts } from '../across/later-refusals.ts';

export const conflictsFaults: readonly Fault[] = [
  ...conflicts,
  ...conflictReach,
  ...claimsOfKinds,
  ...laterConflicts,
  ...firstAgeOfRoutes,
];
