import type { Fault } from '../fault.ts';
import { counts } from './counts.ts';
import {
  doubledEntries,
  rulesBesideInvalid,
  longStatuses,
  statusesInCompany,
  verdictPlaces,
} from './route-statuses.ts';
import { countsOfOtherNamespaces } from './counts-of-other-namespaces.ts';
import { laterGenerations, lastingVerdicts, staleGenerations } from './stale-generations.ts';
import { laterStatuses } from './later-statuses.ts';
import {
  listenersBesideOthers,
  emptyGatewayMessages,
  gatewayAcceptedForGood,
  programmedInVain,
  refusedAndProgrammed,
} from './gateway-statuses.ts';
import { status } from './status.ts';
import { intricateRoutes } from './intricate-routes.ts';
import { supportedVersion } from './supported-version.ts';
import { timesOfEpoch, restlessTimes } from './restless-times.ts';

export const statusFaults: readonly Fault[] = [
  ...status,
  ...laterStatuses,
  ...intricateRoutes,
  ...counts,
  ...supportedVersion,
  ...doubledEntries,
  ...laterGenerations,
  ...timesOfEpoch,
  ...listenersBesideOthers,
  ...rulesBesideInvalid,
  ...emptyGatewayMessages,
  ...lastingVerdicts,
  ...longStatuses,
  gatewayAcceptedForGood,
  ...refusedAndProgrammed,
  ...statusesInCompany,
  ...verdictPlaces,
  ...restlessTimes,
  ...staleGenerations,
  ...countsOfOtherNamespaces,
  ...programmedInVain,
];
