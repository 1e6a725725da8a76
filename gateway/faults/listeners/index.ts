import type { Fault } from '../fault.ts';
import { addresses } from './addresses.ts';
import { countPlaces, countsAtOnce, httpsUncounted } from './attached-routes.ts';
import { dottedNames, joinedNames, nearParents, wholeListenerNames } from './near-names.ts';
import { kindsInCompany, kindsInPlaces, mixedKinds, unnamedKinds } from './allowed-kinds.ts';
import { invalidListeners } from './invalid-listeners.ts';
import { laterGateways } from './later-gateways.ts';
import { laterPlaces, hostlessRoutes, firstListenerOnly } from './first-listener-only.ts';
import { listenerEdits } from './listener-edits.ts';
import { listenerFits } from './listener-fits.ts';
import { listeners, manyListeners } from './listeners.ts';
import { listenerStatuses } from './listener-statuses.ts';
import { longGateways } from './long-gateway-names.ts';
import { narrowerGone, narrowerLater, narrowerInPart } from './narrower-listeners.ts';
import { portParents, otherPorts, movedPorts } from './ports.ts';
import { routeKinds, halfAccepted } from './route-kinds.ts';
import { sameParents } from './namesakes.ts';
import { selectors } from './selectors.ts';

export const listenersFaults: readonly Fault[] = [
  ...listeners,
  ...listenerStatuses,
  ...selectors,
  ...sameParents,
  ...firstListenerOnly,
  ...nearParents,
  ...laterGateways,
  ...dottedNames,
  ...hostlessRoutes,
  ...httpsUncounted,
  ...listenerEdits,
  ...countsAtOnce,
  ...listenerFits,
  ...longGateways,
  ...portParents,
  ...otherPorts,
  ...wholeListenerNames,
  ...laterPlaces,
  ...narrowerLater,
  ...narrowerGone,
  ...kindsInCompany,
  ...manyListeners,
  ...mixedKinds,
  ...addresses,
  ...joinedNames,
  ...countPlaces,
  ...routeKinds,
  ...halfAccepted,
  ...invalidListeners,
  ...kindsInPlaces,
  ...movedPorts,
  ...unnamedKinds,
  ...narrowerInPart,
];
