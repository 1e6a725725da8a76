import type { Fault } from '../fault.ts';
import { backendReach } from './backend-reach.ts';
import { backends } from './backends.ts';
import { endpointCorners } from './endpoint-corners.ts';
import { endpointReturns } from './endpoint-returns.ts';
import { endpoints } from './endpoints.ts';
import {
  answersWithoutBackends,
  errorsByChance,
  errorsOverTls,
  errorsUnderWildcards,
  lateErrors,
} from './answers-without-backends.ts';
import { lateDepartures } from './late-departures.ts';
import { laterEndpoints } from './later-endpoints.ts';
import { laterServices } from './later-services.ts';
import { nearNames } from './names-run-together.ts';
import { sliceOverlaps } from './slice-overlaps.ts';
import { withoutPort } from './without-port.ts';

export const backendsFaults: readonly Fault[] = [
  ...backends,
  ...endpoints,
  ...endpointCorners,
  ...answersWithoutBackends,
  ...laterEndpoints,
  ...nearNames,
  ...backendReach,
  ...errorsOverTls,
  ...endpointReturns,
  ...laterServices,
  ...sliceOverlaps,
  ...lateErrors,
  ...lateDepartures,
  ...withoutPort,
  ...errorsUnderWildcards,
  ...errorsByChance,
];
