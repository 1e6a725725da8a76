import type { PodBlock } from './pod-report.ts';

/**
 * The latencies of a pod's block in milliseconds, ascending, from its quantiles: one for each call, straight between the two quantiles around its rank.
 * Where the quantiles lie closer than the calls it is the very sample; else its rank is off by less than their distance, a tenth of a percent below p99.
 */
export function latenciesOf(
  { latencies: count, stepsUs }: Pick<PodBlock, 'latencies' | 'stepsUs'>,
  quantiles: readonly number[],
): Float64Array {
  const at = cumulated(stepsUs);
  const result = new Float64Array(count);
  let above = 1;
  for (let rank = 0; rank < count; rank++) {
    const percent = count === 1 ? 100 : (100 * rank) / (count - 1);
    while (above < quantiles.length - 1 && (quantiles[above] ?? 100) < percent) above++;
    const [low = 0, high = 100] = [quantiles[above - 1], quantiles[above]];
    const share = Math.min(1, Math.max(0, (percent - low) / (high - low)));
    const [from = 0, to = 0] = [at[above - 1], at[above]];
    result[rank] = (from + (to - from) * share) / 1000;
  }
  return result;
}

function cumulated(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/** All of them in one, ascending. */
export function mergeLatencies(parts: readonly Float64Array[]): Float64Array {
  const merged = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    merged.set(part, at);
    at += part.length;
  }
  return merged.sort();
}

/** At most `most` of them, evenly by rank; the least and the greatest are among them. */
export function thinned(sorted: Float64Array, most: number): Float64Array {
  if (sorted.length <= most) return sorted;
  const last = sorted.length - 1;
  return Float64Array.from({ length: most }, (_, n) => sorted[Math.round((n * last) / (most - 1))] ?? NaN);
}
