import { expect } from '../../harness/index.ts';
import type { Call, Scenario } from '../../harness/index.ts';
import { acceptedCounts } from './binomial.ts';

/** Calls of one statistical sample; binomial.ts says what it can tell apart. */
export const sampleSize = 400;
/** For one scenario: a deviation of ten points is caught with probability 0.999, and a share of one percent that gets no calls always. */
export const largeSampleSize = 1800;

/**
 * Checks counts by backend (as `distribution` returns them, '' for calls without a backend) against shares of 0..1 that add up
 * to 1. A backend that `shares` does not name must not appear at all.
 */
export async function sharesMustBe(
  t: Scenario,
  counts: ReadonlyMap<string, number>,
  shares: Record<string, number>,
): Promise<void> {
  const calls = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const backend of new Set([...counts.keys(), ...Object.keys(shares)])) {
    const share = shares[backend] ?? 0;
    const { low, high } = acceptedCounts(calls, share);
    const count = counts.get(backend) ?? 0;
    const name = backend === '' ? 'no backend' : backend;
    await t.check(
      `${name} answers ${String(low)} to ${String(high)} of ${String(calls)} calls (share ${share.toFixed(2)})`,
      () => {
        expect(count, `calls answered by ${name}`).to.be.within(low, high);
      },
      'routed',
    );
  }
}

const fewCalls = 40;
/** BackendRef.weight lets an implementation be as precise as it can; one that counts in whole percents gives the lighter one this share. */
const coarsest = 0.01;

/**
 * Where two backends weigh 1 and 1,000,000, the lighter one answers next to none of 40 calls: a weight that is not heeded shows without
 * a large sample.
 */
export async function heavierMustAnswer(
  t: Scenario,
  call: Call,
  { heavy, light }: { heavy: string; light: string },
): Promise<void> {
  await t.callMust(call, { backend: heavy });
  const counts = await t.distribution(call, fewCalls);
  const { high } = acceptedCounts(fewCalls, coarsest);
  await t.check(
    `of ${String(fewCalls)} calls all but ${String(high)} or fewer go to ${heavy}, the others to ${light}`,
    () => {
      expect([...counts.keys()].filter((backend) => backend !== heavy && backend !== light)).to.deep.equal(
        [],
      );
      expect(counts.get(light) ?? 0, `calls answered by ${light}`).to.be.at.most(high);
    },
    'routed',
  );
}
