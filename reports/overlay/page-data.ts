import type { Run } from '../../harness/results/run.ts';
import type { ComparedFigure } from '../regressions/compared-figure.ts';

/** What the page that lays runs over each other has of one. */
export interface OverlaidRun extends Pick<
  Run,
  'implementation' | 'startedAt' | 'cluster' | 'load' | 'controlPlane'
> {
  /** A, B, C: short enough for a legend. */
  letter: string;
}

export interface OverlayPage {
  runs: OverlaidRun[];
  /** Where two were judged beside each other. */
  judged?: { figures: ComparedFigure[]; conclusion: string; notes: string[] };
}
