/**
 * Statistics of a traffic split, with the size of the sample and the false-alarm rate fixed beforehand and a single run.
 *
 * When each call goes to a backend with probability p, independently of the others, the backend's count among n calls is
 * X ~ Binomial(n, p). `acceptedCounts` is the interval [low, high] with P(X < low) <= a/2 and P(X > high) <= a/2, summed exactly
 * from the binomial terms: a correct gateway leaves it with probability of at most a. One that spreads more evenly than chance
 * (round robin by weight) leaves it more rarely still.
 *
 * Power: 400 calls at p = 0.3 give 73..170 for a = 1e-7, so a split of 50/50 instead of 70/30 is caught with probability 0.999
 * and an ignored weight always, while a deviation of ten points is caught about one time in five. 1800 calls give 438..645: ten
 * points are caught with probability 0.999. One scenario makes as many, since the calls of a suite compete for two cores.
 */
export interface Interval {
  low: number;
  high: number;
}

/** Per checked count; a scenario checks at most six, so a correct gateway fails one with probability below 1e-6. */
export const falseAlarmRate = 1e-7;

/**
 * @param calls - size of the sample
 * @param share - 0..1, the backend's part of the calls; 0 and 1 leave no room
 */
export function acceptedCounts(calls: number, share: number, falseAlarm = falseAlarmRate): Interval {
  const terms = binomialTerms(calls, share);
  return {
    low: lowerBound(terms, falseAlarm / 2),
    high: calls - lowerBound(terms.toReversed(), falseAlarm / 2),
  };
}

/** The greatest k for which the terms before the k-th add up to no more than `tail`. */
function lowerBound(terms: readonly number[], tail: number): number {
  let sum = 0;
  for (const [k, term] of terms.entries()) {
    sum += term;
    if (sum > tail) return k;
  }
  return terms.length - 1;
}

/** P(X = k) for k = 0..calls, by logarithms since 0.3^400 is near the smallest double. */
function binomialTerms(calls: number, share: number): number[] {
  if (share <= 0 || share >= 1) {
    return Array.from({ length: calls + 1 }, (_, k) => (k === (share <= 0 ? 0 : calls) ? 1 : 0));
  }
  let logChoose = 0;
  return Array.from({ length: calls + 1 }, (_, k) => {
    if (k > 0) logChoose += Math.log(calls - k + 1) - Math.log(k);
    return Math.exp(logChoose + k * Math.log(share) + (calls - k) * Math.log(1 - share));
  });
}
