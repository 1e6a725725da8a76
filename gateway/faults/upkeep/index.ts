import type { Fault } from '../fault.ts';
import { classAcceptedForGood, classTimes, classConditions } from './class-statuses.ts';
import { classNames, severalClasses, classes } from './classes.ts';
import { foreignParts } from './foreign-parts.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { gateways, movedBetweenClasses, wholeGatewayNames } from './gateways.ts';
import { classesOfOthers, heldClasses, classFinalizers } from './class-finalizers.ts';
import { entriesBesideOthers, forgottenEntries, keptEntries, wrongEntries } from './entries.ts';
import { laterFeatures, lateFeatures, features } from './class-features.ts';
import { mended } from './mended.ts';
import { restarts } from './restarts.ts';
import { disturbedWrites, restless, writes } from './writes.ts';
import { serviceLabels, generatedObjects, infrastructureInPart } from './generated-objects.ts';

export const upkeepFaults: readonly Fault[] = [
  ...keptEntries,
  ...writes,
  ...wrongEntries,
  ...classes,
  ...features,
  ...gateways,
  ...classFinalizers,
  ...gatewayObjects,
  ...classNames,
  ...laterFeatures,
  ...severalClasses,
  ...serviceLabels,
  ...lateFeatures,
  ...heldClasses,
  ...mended,
  ...generatedObjects,
  ...restless,
  ...classConditions,
  classAcceptedForGood,
  ...classTimes,
  ...wholeGatewayNames,
  ...foreignParts,
  ...infrastructureInPart,
  ...restarts,
  ...classesOfOthers,
  ...entriesBesideOthers,
  ...movedBetweenClasses,
  ...forgottenEntries,
  ...disturbedWrites,
];
