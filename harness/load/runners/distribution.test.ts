import { expect } from 'chai';
import { latenciesOf, mergeLatencies, thinned } from './distribution.ts';

/** Quantiles of samples as k6 calculates them: straight between the two nearest ranks. */
function quantile(sorted: readonly number[], percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

function told(samplesUs: readonly number[], quantiles: readonly number[]) {
  const at = quantiles.map((percent) => Math.round(quantile(samplesUs, percent)));
  const stepsUs = at.map((us, index) => us - (at[index - 1] ?? 0));
  return { latencies: samplesUs.length, stepsUs };
}

const percents = Array.from({ length: 1001 }, (_, n) => n / 10);

describe('the distribution of latencies of a pod', () => {
  it('is that of the calls, sample by sample, where quantiles fall on every rank', () => {
    const samplesUs = [100, 250, 251, 900, 4_000, 90_000, 90_001, 1_000_000, 1_000_000, 2_000_000, 5_000_000];
    const again = latenciesOf(told(samplesUs, percents), percents);
    expect([...again]).to.deep.equal(samplesUs.map((us) => us / 1000));
  });

  it('keeps count, least and greatest of more calls than quantiles, and ranks to a tenth of a percent', () => {
    const samplesUs = Array.from({ length: 7_001 }, (_, n) => n * n);
    const again = latenciesOf(told(samplesUs, percents), percents);
    expect([again.length, again[0], again.at(-1)]).to.deep.equal([7_001, 0, 49_000]);
    for (const rank of [70, 3_500, 6_999]) {
      const ms = (again[rank] ?? NaN) * 1000;
      // Seven ranks are a tenth of a percent.
      expect(ms).to.be.within(samplesUs[rank - 7] ?? 0, samplesUs[Math.min(7_000, rank + 7)] ?? 0);
    }
  });

  it('is one sample of one call, and none of none', () => {
    expect([...latenciesOf(told([700], percents), percents)]).to.deep.equal([0.7]);
    expect([...latenciesOf({ latencies: 0, stepsUs: [] }, percents)]).to.deep.equal([]);
  });

  it('is merged as samples are: a slow pod is the tail of all, not half of each percentile', () => {
    const fast = Float64Array.from({ length: 900 }, () => 1);
    const slow = Float64Array.from({ length: 100 }, () => 100);
    const merged = mergeLatencies([slow, fast]);
    expect([merged.length, merged[0], merged[899], merged[900]]).to.deep.equal([1_000, 1, 1, 100]);
  });

  it('is thinned evenly by rank, with both ends', () => {
    const many = Float64Array.from({ length: 100_001 }, (_, n) => n);
    const few = thinned(many, 101);
    expect([...few]).to.deep.equal(Array.from({ length: 101 }, (_, n) => n * 1_000));
    expect(thinned(few, 101)).to.equal(few);
  });
});
