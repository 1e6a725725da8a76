/** How sure the interval is: 95 %. */
const z = 1.959964;

export interface PassRate {
  /** From 0 to 1. */
  low: number;
  high: number;
}

/**
 * The rates of passing that `passed` of `runs` are compatible with, at 95 % confidence: the Wilson score interval, which unlike the
 * textbook's ± keeps its promise for few runs and for none or all passed (Wilson 1927; Brown, Cai and DasGupta 2001).
 */
export function passRateInterval(passed: number, runs: number): PassRate {
  if (runs === 0) return { low: 0, high: 1 };
  const share = passed / runs;
  const weight = 1 + z ** 2 / runs;
  const middle = (share + z ** 2 / (2 * runs)) / weight;
  const half = (z / weight) * Math.sqrt((share * (1 - share)) / runs + z ** 2 / (4 * runs ** 2));
  // At none and all the end is exactly there, but for rounding.
  return {
    low: passed === 0 ? 0 : Math.max(0, middle - half),
    high: passed === runs ? 1 : Math.min(1, middle + half),
  };
}

/** `passed 0 of 5 runs (95 % interval: 0 % to 43 %)`. */
export function describePassRate({
  passed,
  runs,
  low,
  high,
}: PassRate & { passed: number; runs: number }): string {
  const percent = (rate: number): string => `${String(Math.round(rate * 100))} %`;
  return `passed ${String(passed)} of ${String(runs)} runs (95 % interval: ${percent(low)} to ${percent(high)})`;
}
