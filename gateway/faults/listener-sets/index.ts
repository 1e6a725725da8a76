import type { Fault } from '../fault.ts';
import { claimsOfListenerSets } from '../across/arrival.ts';
import { firstAgeOfSets } from '../across/as-before.ts';
import { furtherSetPlaces } from '../across/further-places.ts';
import { laterListenerSets } from './later-listener-sets.ts';
import { laterSetStatuses } from '../across/other-kinds.ts';
import { listenerSetConflicts } from './listener-set-conflicts.ts';
import { listenerSetEntries } from './listener-set-entries.ts';
import { listenerSetNeighbours } from './listener-set-neighbours.ts';
import { listenerSetReach } from '../across/combined-reach.ts';
import { listenerSetRoutes } from '../across/other-places.ts';
import { listenerSetStatus } from './listener-set-status.ts';
import { listenerSets } from './listener-sets.ts';
import { mendedSets } from '../across/mended-gateways.ts';
import { movedListenerSets } from '../across/later-policies.ts';
import { namesakes } from '../across/in-company.ts';
import { setAcceptedForGood } from '../across/accepted-for-good.ts';
import { setCertificateGrants } from '../across/other-grants.ts';
import { setsGone } from '../across/furthest.ts';
import { setTimes } from '../across/transition-times.ts';

export const listenerSetsFaults: readonly Fault[] = [
  ...listenerSets,
  ...listenerSetStatus,
  ...laterListenerSets,
  ...listenerSetNeighbours,
  ...listenerSetRoutes,
  ...movedListenerSets,
  ...claimsOfListenerSets,
  ...laterSetStatuses,
  ...listenerSetReach,
  setAcceptedForGood,
  ...listenerSetConflicts,
  ...listenerSetEntries,
  ...setTimes,
  ...namesakes,
  ...furtherSetPlaces,
  ...firstAgeOfSets,
  ...mendedSets,
  ...setCertificateGrants,
  ...setsGone,
];
