import { type Effect } from './effect.ts';
import { type RunFigure } from './run-figures.ts';

export type FigureVerdict = 'better' | 'worse' | 'no difference' | 'not judged';

export interface ComparedFigure extends Pick<
  RunFigure,
  'subject' | 'name' | 'title' | 'side' | 'of' | 'unit'
> {
  base?: number;
  fresh?: number;
  effect?: Effect;
  verdict: FigureVerdict;
  /** Why it is not judged, or what else is to be known. */
  why?: string;
  /** It is worse by more than the threshold, and neither the machine nor the backend is why. */
  isRegression: boolean;
  /** Whether it tells of the gateway, and not as much of the machine. */
  tells: boolean;
  /** Where a regression lies. */
  place?: string;
}

export interface Pair {
  base: RunFigure | undefined;
  fresh: RunFigure | undefined;
  /** The one that there is. */
  figure: RunFigure;
}

export type Judged = Pick<ComparedFigure, 'effect' | 'verdict' | 'why'>;
