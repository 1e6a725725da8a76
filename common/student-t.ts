import jstat from 'jstat';
import { errorFunction } from 'simple-statistics';

/**
 * Quantile of Student's t.
 *
 * @param degrees - of freedom, 1 or more
 * @param share - of the distribution below the quantile, 0 to 1
 */
export function studentT(degrees: number, share: number): number {
  return jstat.jStat.studentt.inv(share, degrees);
}

/** Share of the normal distribution below `x`. */
export function normalBelow(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}
