/** How much a figure of one run differs from that of another, with an interval. All effects are ratios, new to base. */
import { mean, quantileSorted, sampleVariance } from 'simple-statistics';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { studentT } from '../../common/student-t.ts';

export interface Effect {
  /** New divided by base: 1 is no difference. */
  ratio: number;
  low: number;
  high: number;
}

/** Share of intervals that hold the true ratio. Dozens of figures are compared at once: at 95 % each second comparison would find something. */
export const level = 0.99;
/** Fewer blocks than this have an interval that says nothing. */
export const leastBlocks = 4;
/** Fewer single samples than this have no percentile to speak of. */
export const leastSamples = 20;
const draws = 1_000;
/** The same samples give the same interval. */
const seed = 20_261_128;

/**
 * Ratio of the geometric means of figures of blocks, with Welch's interval: the blocks of either run vary as much as they do.
 *
 * @returns undefined with too few blocks, or where one is not above zero
 */
export function blocksEffect(base: readonly number[], fresh: readonly number[]): Effect | undefined {
  if (Math.min(base.length, fresh.length) < leastBlocks) return undefined;
  if (![...base, ...fresh].every((value) => value > 0)) return undefined;
  const [a, b] = [base.map(Math.log), fresh.map(Math.log)];
  const [va, vb] = [sampleVariance(a) / a.length, sampleVariance(b) / b.length];
  const difference = mean(b) - mean(a);
  const variance = va + vb;
  const degrees = variance ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const margin = variance === 0 ? 0 : studentT(degrees, (1 + level) / 2) * Math.sqrt(variance);
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
  };
}

/**
 * Ratio of the means of figures of blocks, with an interval by bootstrap: for blocks of which some are zero, which have no logarithm.
 *
 * @returns undefined with too few blocks, or where a mean is not above zero
 */
export function meansEffect(base: readonly number[], fresh: readonly number[]): Effect | undefined {
  if (Math.min(base.length, fresh.length) < leastBlocks) return undefined;
  if (!(mean([...base]) > 0 && mean([...fresh]) > 0)) return undefined;
  const random = xoroshiro128plus(seed);
  const drawn = (of: readonly number[]): number =>
    mean(of.map(() => of[uniformInt(random, 0, of.length - 1)] ?? NaN));
  const ratios = sorted(Array.from({ length: draws }, () => drawn(fresh) / drawn(base))).filter(
    (ratio) => !Number.isNaN(ratio),
  );
  const tail = (1 - level) / 2;
  return {
    ratio: mean([...fresh]) / mean([...base]),
    low: quantileSorted(ratios, tail),
    high: quantileSorted(ratios, 1 - tail),
  };
}

/**
 * Ratio of a percentile of single samples, with an interval by bootstrap.
 *
 * @param share - which percentile, 0 to 1
 * @returns undefined with too few samples: less than a fifth of one would lie beyond the percentile
 */
export function samplesEffect(
  base: readonly number[],
  fresh: readonly number[],
  share: number,
): Effect | undefined {
  const least = Math.max(leastSamples, 1 / (1 - share));
  if (Math.min(base.length, fresh.length) < least) return undefined;
  const [a, b] = [sorted(base), sorted(fresh)];
  const ratio = quantileSorted(b, share) / quantileSorted(a, share);
  if (!Number.isFinite(ratio)) return undefined;
  const random = xoroshiro128plus(seed);
  const drawn = (of: readonly number[]): number =>
    quantileSorted(sorted(of.map(() => of[uniformInt(random, 0, of.length - 1)] ?? NaN)), share);
  const ratios = sorted(Array.from({ length: draws }, () => drawn(b) / drawn(a)));
  const tail = (1 - level) / 2;
  return { ratio, low: quantileSorted(ratios, tail), high: quantileSorted(ratios, 1 - tail) };
}

/** Numbers in a typed array are compared as such, which is ten times as fast as by a function. */
function sorted(values: readonly number[]): number[] {
  return [...Float64Array.from(values).sort()];
}
