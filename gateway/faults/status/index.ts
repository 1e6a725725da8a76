import type { Fault } from '../fault.ts';
import { counts } from './counts.ts';
import { finerStatuses } from '../across/finer-statuses.ts';
import { gatewayAcceptedForGood, refusedAndProgrammed } from '../across/accepted-for-good.ts';
import { lastingVerdicts } from '../across/later-in-part.ts';
import { furtherCounts } from './further-counts.ts';
import { laterStatuses } from './later-statuses.ts';
import { longStatuses } from '../across/long-texts.ts';
import { restlessTimes } from './restless-times.ts';
import { staleGenerations } from './stale-generations.ts';
import { status } from './status.ts';
import { statusCorners } from './status-corners.ts';
import { statusesInCompany } from '../across/in-company.ts';
import { supportedVersion } from './supported-version.ts';
import { verdictPlaces } from '../across/moved-places.ts';

export const statusFaults: readonly Fault[] = [
  ...status,
  ...laterStatuses,
  ...statusCorners,
  ...counts,
  ...supportedVersion,
  ...finerStatuses,
  ...lastingVerdicts,
  ...longStatuses,
  gatewayAcceptedForGood,
  ...refusedAndProgrammed,
  ...statusesInCompany,
  ...verdictPlaces,
  ...restlessTimes,
  ...staleGenerations,
  ...furtherCounts,
];
