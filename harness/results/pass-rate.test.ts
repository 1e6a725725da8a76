import { expect } from 'chai';
import { describePassRate, passRateInterval } from './pass-rate.ts';

describe('the interval of a pass rate', () => {
  // Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3.
  for (const [passed, runs, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const)
    it(`is as published for ${String(passed)} of ${String(runs)}`, () => {
      const interval = passRateInterval(passed, runs);
      expect(interval.low).to.be.closeTo(low, 0.00005);
      expect(interval.high).to.be.closeTo(high, 0.00005);
    });

  it('reaches the ends where none or all passed, and is everything where nothing ran', () => {
    expect(passRateInterval(0, 5).low).to.equal(0);
    expect(passRateInterval(5, 5).high).to.equal(1);
    expect(passRateInterval(0, 0)).to.deep.equal({ low: 0, high: 1 });
  });

  it('is told in per cent', () => {
    expect(describePassRate({ passed: 0, runs: 5, ...passRateInterval(0, 5) })).to.equal(
      'passed 0 of 5 runs (95 % interval: 0 % to 43 %)',
    );
  });
});
