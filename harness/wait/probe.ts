import type { Layer } from '../results/run.ts';
import type { Clock } from './clock.ts';

export interface Attempt<R> {
  ok: boolean;
  result: R;
  /** One line: what was seen. */
  seen: string;
  /** The layer at fault when not ok. */
  layer: Layer;
}

export interface ProbeOptions {
  limitMs: number;
  graceMs: number;
  clock: Clock;
  signal: AbortSignal;
  /** Good attempts in a row that count as an answer; default `wantedInARow`. */
  inARow?: number;
  /** After each attempt; `failingForMs` since the last good one. */
  onAttempt?: (attempt: Attempt<unknown>, failingForMs: number) => void;
}

export interface ProbeOutcome<R> {
  verdict: 'pass' | 'slow' | 'unstable' | 'wrong';
  /** The last attempt: a good one on pass and slow. */
  last: Attempt<R>;
  /** The last attempt that failed. */
  lastBad: Attempt<R> | undefined;
  attempts: number;
  good: number;
  /** Until the first of the good attempts in a row. */
  tookMs: number;
}

/** Good attempts in a row that count as an answer. */
export const wantedInARow = 3;
/** Each relapse (a bad attempt after a good one) asks for this many more: by chance, half-good answers would reach any fixed number. */
const moreAfterRelapse = 7;
/** More relapses ask for no more: proxies that learn of a change one after the other may have had hundreds by then. */
const relapsesThatCount = 30;
/** Between bad attempts: 5 ms, growing to 100 ms. Sixteen scenarios that wait ask 160 times a second at most, a tenth of what two cores do. */
const shortestPauseMs = 5;
const longestPauseMs = 100;

/** Attempts until several in a row are good; past the limit it goes on for the grace period, to tell slow, unstable and wrong apart. */
export async function probeUntilStable<R>(
  attempt: () => Promise<Attempt<R>>,
  options: ProbeOptions,
): Promise<ProbeOutcome<R>> {
  const { clock, signal, inARow: wanted = wantedInARow } = options;
  const start = clock.now();
  let attempts = 0;
  let good = 0;
  let inARow = 0;
  let relapses = 0;
  let streakAt = start;
  let goodAt = start;
  let pauseMs = shortestPauseMs;
  let lastBad: Attempt<R> | undefined;
  for (;;) {
    signal.throwIfAborted();
    const now = await attempt();
    attempts += 1;
    if (now.ok) {
      if (inARow === 0) streakAt = clock.now();
      good += 1;
      inARow += 1;
      goodAt = clock.now();
      pauseMs = shortestPauseMs;
    } else {
      if (inARow > 0) relapses += 1;
      inARow = 0;
      lastBad = now;
    }
    options.onAttempt?.(now, now.ok ? 0 : clock.now() - goodAt);
    const tookMs = streakAt - start;
    if (inARow >= wanted + Math.min(relapses, relapsesThatCount) * moreAfterRelapse) {
      return {
        verdict: tookMs <= options.limitMs ? 'pass' : 'slow',
        last: now,
        lastBad,
        attempts,
        good,
        tookMs,
      };
    }
    if (clock.now() - start > options.limitMs + options.graceMs) {
      return { verdict: good > 0 ? 'unstable' : 'wrong', last: now, lastBad, attempts, good, tookMs };
    }
    if (!now.ok) {
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 1.6, longestPauseMs);
    }
  }
}
