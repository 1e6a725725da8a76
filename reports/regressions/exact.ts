/** Counts of rare events, without an approximation: also where there are none. */
import { gammaln } from 'simple-statistics';
import { level } from './effect.ts';

export interface Events {
  lost: number;
  calls: number;
}

export interface Bounds {
  low: number;
  high: number;
}

/** Halvings of an interval from 0 to 1: to 1e-15. */
const halvings = 50;

/** Between which shares the true one lies (Clopper and Pearson 1934), on the level of all intervals here. */
export function shareBounds({ lost, calls }: Events): Bounds {
  const tail = (1 - level) / 2;
  const low = lost === 0 ? 0 : shareWhere((share) => atLeast(lost, calls, share) >= tail);
  const high = lost === calls ? 1 : shareWhere((share) => atLeast(lost + 1, calls, share) >= 1 - tail);
  return { low, high };
}

/**
 * Between which ratios that of two rates lies, new to base. Of all that were lost in both runs, the share that fell into the new one is
 * binomial, whatever the rate is (Przyborowski and Wilenski 1940).
 *
 * @returns undefined where nothing was lost: every ratio fits. 0 and Infinity where one run lost none
 */
export function rateRatioBounds(base: Events, fresh: Events): Bounds | undefined {
  const all = base.lost + fresh.lost;
  if (all === 0) return undefined;
  const { low, high } = shareBounds({ lost: fresh.lost, calls: all });
  const ratioOf = (share: number): number => (share / (1 - share)) * (base.calls / fresh.calls);
  return { low: ratioOf(low), high: ratioOf(high) };
}

/** Up to which rate a loss may go unseen: so many calls all end well in one of a hundred runs. */
export function unseenRate(calls: number): number {
  return 1 - (1 - level) ** (1 / calls);
}

/** So many calls have a loss of this rate among them in 99 of a hundred runs. */
export function callsToSee(rate: number): number {
  return Math.ceil(Math.log(1 - level) / Math.log1p(-rate));
}

/** Probability that `least` or more of `of` are lost. */
function atLeast(least: number, of: number, share: number): number {
  // Summed from the side that has fewer terms.
  if (least > of / 2) return sum(least, of, of, share);
  return 1 - sum(0, least - 1, of, share);
}

function sum(from: number, to: number, of: number, share: number): number {
  if (share <= 0) return from === 0 ? 1 : 0;
  if (share >= 1) return to === of ? 1 : 0;
  const [logShare, logRest] = [Math.log(share), Math.log1p(-share)];
  let total = 0;
  for (let n = from; n <= to; n += 1)
    total += Math.exp(logChoices(of, n) + n * logShare + (of - n) * logRest);
  return total;
}

function logChoices(of: number, n: number): number {
  return gammaln(of + 1) - gammaln(n + 1) - gammaln(of - n + 1);
}

/** The least share for which it holds; it holds for all above. */
function shareWhere(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < halvings; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
