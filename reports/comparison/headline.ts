import type { Run } from '../../harness/results/run.ts';
import { plural } from '../wording/conclusion.ts';
import { scenarioIds } from './cells.ts';

/** A short sentence for the top of a page. */
export function comparisonHeadline(runs: readonly Run[] | readonly ComparedHead[]): string {
  return `${plural(runs.length, 'implementation')}, ${plural(scenarioIds(runs).length, 'scenario')}`;
}

interface ComparedHead {
  scenarios: readonly { id: string }[];
}
