import { expect } from 'chai';
import { quantileSorted } from 'simple-statistics';
import { encodeLatencies, mergeHistograms, readHistogram } from './histogram.ts';

/** A fixed sequence with a tail, as latencies have one. */
function latencies(count: number, baseMs: number): number[] {
  return Array.from({ length: count }, (_, n) => baseMs * (1 + ((n * 7919) % count) / count) ** 4);
}

describe('histograms of latencies', () => {
  it('merged have the percentiles of the pooled samples, to three digits', () => {
    const parts = [latencies(3000, 0.3), latencies(500, 1.7), latencies(4000, 0.41)];
    const merged = readHistogram(mergeHistograms(parts.map(encodeLatencies)) ?? '');
    const pooled = parts.flat().sort((a, b) => a - b);
    expect(merged.count).to.equal(pooled.length);
    for (const percentile of [1, 25, 50, 90, 99, 99.9]) {
      const exact = quantileSorted(pooled, percentile / 100);
      // 0.001 of the value by its digits, a microsecond by its unit, and a rank by the definition of a percentile.
      expect(merged.at(percentile), `p${percentile}`).to.be.closeTo(exact, exact * 0.005 + 0.001);
    }
    expect(merged.at(100)).to.be.closeTo(pooled.at(-1) ?? 0, (pooled.at(-1) ?? 0) * 0.002);
  });

  it('do not depend on how they were cut', () => {
    const all = latencies(2000, 0.5);
    const halves = mergeHistograms([all.slice(0, 700), all.slice(700)].map(encodeLatencies)) ?? '';
    const whole = encodeLatencies(all);
    for (const percentile of [10, 50, 99, 100])
      expect(readHistogram(halves).at(percentile)).to.equal(readHistogram(whole).at(percentile));
  });

  it('of nothing are none', () => {
    expect(mergeHistograms([])).to.equal(undefined);
    expect(readHistogram(encodeLatencies([])).count).to.equal(0);
  });
});
