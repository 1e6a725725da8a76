import type { Fault } from '../fault.ts';
import { classAcceptedForGood } from '../across/accepted-for-good.ts';
import { classCorners } from './class-corners.ts';
import { classTimes } from '../across/transition-times.ts';
import { foreignParts } from './foreign-parts.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { generatedObjects } from '../across/later-listeners.ts';
import { infrastructureInPart } from '../across/mended-gateways.ts';
import { mended } from '../across/disturbed.ts';
import { restless } from '../across/other-kinds.ts';
import { upkeep } from './upkeep.ts';
import { wholeGatewayNames } from '../across/whole-names.ts';

export const upkeepFaults: readonly Fault[] = [
  ...upkeep,
  ...gatewayObjects,
  ...classCorners,
  ...mended,
  ...generatedObjects,
  ...restless,
  classAcceptedForGood,
  ...classTimes,
  ...wholeGatewayNames,
  ...foreignParts,
  ...infrastructureInPart,
];
