import type { Fault } from '../fault.ts';
import {
  claimsOfListenerSets,
  conflictsWithWaiting,
  firstAgeOfSets,
  listenerSetConflicts,
  namesakes,
} from './listener-set-conflicts.ts';
import { laterListenerSets } from './later-listener-sets.ts';
import { listenerSetEntries, setCertificateGrants } from './listener-set-entries.ts';
import { listenerSetNeighbours } from './listener-set-neighbours.ts';
import { listenerSets } from './listener-sets.ts';
import { listenerSetStatus } from './listener-set-status.ts';
import {
  partlyServedOfSets,
  listenerSetReach,
  listenerSetRoutes,
  firstOfSetOnly,
} from './listener-set-routes.ts';
import {
  entriesOfRefused,
  refusedSets,
  movedListenerSets,
  setAcceptedForGood,
  setsGone,
} from './lost-listener-sets.ts';
import { setUpkeep, setTimes } from './listener-set-upkeep.ts';

export const listenerSetsFaults: readonly Fault[] = [
  ...listenerSets,
  ...listenerSetStatus,
  ...laterListenerSets,
  ...listenerSetNeighbours,
  ...listenerSetRoutes,
  ...movedListenerSets,
  ...firstOfSetOnly,
  ...claimsOfListenerSets,
  ...setUpkeep,
  ...listenerSetReach,
  setAcceptedForGood,
  ...listenerSetConflicts,
  ...listenerSetEntries,
  ...setTimes,
  ...namesakes,
  ...partlyServedOfSets,
  ...firstAgeOfSets,
  ...refusedSets,
  ...setCertificateGrants,
  ...setsGone,
  ...conflictsWithWaiting,
  ...entriesOfRefused,
];
