import type { LoadResult } from '../../harness/results/load.ts';
import { figureDoubts, figureReasons } from './load-figures.ts';

/**
 * Every reason not to believe a benchmark's figures: those the load runner gave, and those that follow from the figures
 * themselves. With an open arrival rate, a dropped iteration is a request that was never timed, so percentiles beside
 * it are too good; errors are often faster than answers.
 */
export function reasonsNotToBelieve(load: LoadResult): string[] {
  const reasons = new Set(load.invalid);
  if (reasons.size > 0) return [...reasons];
  if (load.variants.length === 0) reasons.add('nothing was measured');
  if (hasCases(load))
    return load.figures?.some((each) => figureDoubts(each).length === 0) ? [] : figureReasons(load);
  for (const variant of load.variants) {
    if (variant.requests === 0) reasons.add(`${variant.name}: no request was made`);
    if (variant.errors > 0) reasons.add(`${variant.name}: ${variant.errors} requests failed`);
    if (variant.droppedIterations > 0)
      reasons.add(`${variant.name}: ${variant.droppedIterations} iterations were dropped`);
    if (!Object.values(variant.latencyMs).every((ms) => Number.isFinite(ms) && ms >= 0))
      reasons.add(`${variant.name}: a latency is missing or negative`);
  }
  return [...reasons];
}

/** Several things measured beside each other, whose figures speak for themselves: one that failed says nothing of the others. */
export function hasCases({ variants }: LoadResult): boolean {
  return variants.some((variant) => variant.case !== undefined);
}
