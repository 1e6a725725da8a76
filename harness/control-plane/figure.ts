import { mean, quantileSorted } from 'simple-statistics';
import type { ControlPlaneFigure, FigureSummary } from '../results/control-plane.ts';

type Given = Omit<ControlPlaneFigure, 'summary' | 'invalid' | 'samples'> & {
  samples: readonly number[];
  invalid?: readonly string[];
};

/** A figure of its samples. One without samples is invalid: nothing was measured is no zero. */
export function figureOf({ samples, invalid = [], ...rest }: Given): ControlPlaneFigure {
  const rounded = samples.filter(Number.isFinite).map(round);
  const reasons = [...invalid];
  if (rounded.length < samples.length) reasons.push('a process went away while it was measured');
  else if (rounded.length === 0 && reasons.length === 0) reasons.push('nothing was measured');
  return {
    ...rest,
    invalid: reasons,
    samples: rounded,
    ...(reasons.length === 0 && { summary: summaryOf(rounded) }),
  };
}

/** Percentiles linear between the two nearest ranks, as in harness/load. @param samples - at least one */
export function summaryOf(samples: readonly number[]): FigureSummary {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => round(quantileSorted(sorted, share));
  return {
    samples: samples.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: at(1),
    mean: round(mean(sorted)),
  };
}

/** To a microsecond, where the unit is ms. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
