import type { Fault } from '../fault.ts';
import {
  answersInPart,
  backendFilterPlaces,
  extensionsUnderWildcards,
  filterPlaces,
  filtersUnderWildcards,
  backendFiltersOverTls,
} from './filter-places.ts';
import { beforeMatch } from './before-match.ts';
import { filterCombinations, filterPairs } from './filter-combinations.ts';
import { filterCorners, longFilterValues } from './filter-corners.ts';
import { filterNeighbours } from './filter-neighbours.ts';
import { filterReach } from './filter-reach.ts';
import { filters } from './filters.ts';
import { filtersTogether } from './filters-together.ts';
import { literalFilters } from './literal-values.ts';
import { lostMirrors, mirrorGrants, ownMirrors } from './mirror-references.ts';
import { mirrored, noFractions, sentMirrors, wholeMirrors } from './mirrored.ts';
import { extensionsByChance } from './extensions-by-chance.ts';

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
  ...filtersTogether,
  ...longFilterValues,
  ...backendFilterPlaces,
  ...extensionsUnderWildcards,
  ...extensionsByChance,
];
