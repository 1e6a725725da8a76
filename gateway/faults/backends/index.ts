import type { Fault } from '../fault.ts';
import { backendReach } from './backend-reach.ts';
import { backends } from './backends.ts';
import { endpointCorners } from './endpoint-corners.ts';
import { endpointReturns } from './endpoint-returns.ts';
import { endpoints } from './endpoints.ts';
import { errorsOverTls } from '../across/later-in-part.ts';
import { lateErrors } from '../across/further-parts.ts';
import { laterAnswers } from './later-answers.ts';
import { laterEndpoints } from './later-endpoints.ts';
import { laterServices } from './later-services.ts';
import { nearNames } from '../across/near-names.ts';
import { sliceOverlaps } from './slice-overlaps.ts';

export const backendsFaults: readonly Fault[] = [
  ...backends,
  ...endpoints,
  ...endpointCorners,
  ...laterAnswers,
  ...laterEndpoints,
  ...nearNames,
  ...backendReach,
  ...errorsOverTls,
  ...endpointReturns,
  ...laterServices,
  ...sliceOverlaps,
  ...lateErrors,
];
