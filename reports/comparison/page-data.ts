import type { PageRun } from '../formats/page-data.ts';

/** What the comparison page has of one implementation: the evidence of what it did not pass is packed apart, under `details`. */
export interface ComparedRun extends PageRun {
  /** Where a scenario's packed evidence is in the page, by its id. */
  details: Record<string, number>;
}
