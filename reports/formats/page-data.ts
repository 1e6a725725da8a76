import type { CallRecord, Run, ScenarioResult } from '../../harness/results/run.ts';
import type { ObjectView } from '../wording/object-view.ts';

/** What the page needs of a scenario before it is opened; the rest is packed beside it. */
export type ScenarioHead = Omit<ScenarioResult, 'timeline' | 'evidence' | 'repro' | 'comparisons'>;

/** What an opened scenario shows. */
export interface ScenarioDetail extends Pick<ScenarioResult, 'timeline' | 'repro' | 'comparisons'> {
  objects: ObjectView[];
  calls: CallRecord[];
  logs: { source: string; lines: string[] }[];
}

export type PageRun = Omit<Run, 'scenarios'> & { scenarios: ScenarioHead[] };
