import type { Fault } from '../fault.ts';
import { answersInPart } from '../across/later-in-part.ts';
import { beforeMatch } from './before-match.ts';
import { filterCombinations } from './filter-combinations.ts';
import { filterCorners } from './filter-corners.ts';
import { filterNeighbours } from './filter-neighbours.ts';
import { filterPairs } from '../across/pairs.ts';
import { filterPlaces } from '../across/filter-places.ts';
import { filterReach } from './filter-reach.ts';
import { filters } from './filters.ts';
import { filtersUnderWildcards } from '../across/mixed-matches.ts';
import { literalFilters } from '../across/literal-values.ts';
import { lostMirrors } from '../across/later-refusals.ts';
import { mirrored } from './mirrored.ts';
import { mirrorGrants } from '../across/other-grants.ts';
import { noFractions } from '../across/shared-parts.ts';
import { ownMirrors } from '../across/own-namespaces.ts';
import { sentMirrors, backendFiltersOverTls } from '../across/further-parts.ts';
import { wholeMirrors } from '../across/combined-reach.ts';

export const filtersFaults: readonly Fault[] = [
  ...filters,
  ...filterCombinations,
  ...filterCorners,
  ...filterReach,
  ...filtersUnderWildcards,
  ...filterNeighbours,
  ...answersInPart,
  ...wholeMirrors,
  ...lostMirrors,
  ...mirrorGrants,
  ...ownMirrors,
  ...literalFilters,
  ...beforeMatch,
  ...filterPairs,
  ...sentMirrors,
  ...noFractions,
  ...backendFiltersOverTls,
  ...mirrored,
  ...filterPlaces,
];
