import { expect } from 'chai';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { blockIntervals, type Interval } from './bootstrap.ts';

/** Mean of the values of the blocks, each as often as it was drawn. */
function meanInterval(values: readonly number[]): Interval | undefined {
  const [interval] = blockIntervals(values.length, (drawn) => {
    const sum = drawn.reduce((total, times, block) => total + times * (values[block] ?? 0), 0);
    return [sum / values.length];
  });
  return interval;
}

/** Nearly normal: the sum of twelve uniform numbers. */
function normals(random: ReturnType<typeof xoroshiro128plus>, count: number): number[] {
  const one = (): number =>
    Array.from({ length: 12 }, () => uniformFloat64(random)).reduce((a, b) => a + b) - 6;
  return Array.from({ length: count }, one);
}

describe('intervals by bootstrap over blocks', () => {
  it('hold the mean of normal blocks as often as they say', () => {
    const random = xoroshiro128plus(7);
    let held = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const { low, high } = meanInterval(normals(random, 8)) ?? { low: 1, high: 1 };
      if (low <= 0 && high >= 0) held++;
    }
    // 95 % of 200, three standard deviations (3.1 each) to either side.
    expect(held).to.be.within(180, 200);
  });

  it('are as wide as that of Student for many blocks', () => {
    const values = normals(xoroshiro128plus(3), 40);
    const { low, high } = meanInterval(values) ?? { low: 0, high: 0 };
    // 2.023: t of 39 degrees of freedom.
    const half = (2.023 * sampleStandardDeviation(values)) / Math.sqrt(40);
    expect((high - low) / 2).to.be.closeTo(half, half * 0.1);
    expect((high + low) / 2).to.be.closeTo(mean(values), half * 0.15);
  });

  it('are the same for the same samples, and a point for equal ones', () => {
    const values = [1, 2, 3, 4, 5, 9];
    expect(meanInterval(values)).to.deep.equal(meanInterval(values));
    expect(meanInterval([4, 4, 4, 4, 4, 4])).to.deep.equal({ low: 4, high: 4, level: 0.95 });
  });

  it('of differences are those of blocks that lay side by side', () => {
    // Both sides wander together by 100; the difference does not.
    const left = [100, 200, 300, 400, 500, 600];
    const [difference] = blockIntervals(6, (drawn) => {
      const of = (add: number): number =>
        drawn.reduce((sum, times, block) => sum + times * ((left[block] ?? 0) + add), 0) / 6;
      return [of(7) - of(0)];
    });
    expect(difference?.low).to.be.closeTo(7, 1e-6);
    expect(difference?.high).to.be.closeTo(7, 1e-6);
  });

  it('are not given for fewer blocks than can bear them', () => {
    expect(meanInterval([1, 2, 3, 4, 5])).to.equal(undefined);
  });

  it('are not given of what cannot be calculated', () => {
    expect(blockIntervals(6, () => [NaN])).to.deep.equal([undefined]);
  });
});
