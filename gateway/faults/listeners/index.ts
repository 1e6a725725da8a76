import type { Fault } from '../fault.ts';
import { countPlaces } from '../across/moved-places.ts';
import { countsAtOnce } from '../across/later-refusals.ts';
import { dottedNames } from '../across/finer-statuses.ts';
import { furtherPlaces } from '../across/further-places.ts';
import { hostlessRoutes } from '../across/other-places.ts';
import { kindsInCompany } from '../across/in-company.ts';
import { laterGateways } from './later-gateways.ts';
import { laterListeners } from '../across/later-listeners.ts';
import { listenerFits } from './listener-fits.ts';
import { listenerStatuses } from './listener-statuses.ts';
import { listeners } from './listeners.ts';
import { longGateways } from '../across/long-texts.ts';
import { mendedListeners } from '../across/mended-gateways.ts';
import { narrowerGone, narrowerLater } from '../across/furthest.ts';
import { nearParents } from '../across/near-names.ts';
import { overTls } from './over-tls.ts';
import { portParents, otherPorts } from './ports.ts';
import { routeKinds, halfAccepted } from './route-kinds.ts';
import { sameParents } from '../across/same-names.ts';
import { selectors } from './selectors.ts';
import { wholeListenerNames } from '../across/whole-names.ts';

export const listenersFaults: readonly Fault[] = [
  ...listeners,
  ...listenerStatuses,
  ...selectors,
  ...sameParents,
  ...overTls,
  ...nearParents,
  ...laterGateways,
  ...dottedNames,
  ...hostlessRoutes,
  ...laterListeners,
  ...countsAtOnce,
  ...listenerFits,
  ...longGateways,
  ...portParents,
  ...otherPorts,
  ...wholeListenerNames,
  ...furtherPlaces,
  ...narrowerLater,
  ...narrowerGone,
  ...kindsInCompany,
  ...mendedListeners,
  ...countPlaces,
  ...routeKinds,
  ...halfAccepted,
];
