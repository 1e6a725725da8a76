import { expect } from 'chai';
import { callsToSee, rateRatioBounds, shareBounds, unseenRate } from './exact.ts';

/** Of tables of Clopper and Pearson, 99 %. */
const known = [
  { lost: 0, calls: 10, low: 0, high: 0.4113 },
  { lost: 5, calls: 10, low: 0.1283, high: 0.8717 },
  { lost: 10, calls: 10, low: 0.5887, high: 1 },
];

/** Probability of exactly `n` of rare events of which `mean` are expected (Poisson). */
function chanceOf(n: number, mean: number): number {
  let chance = Math.exp(-mean);
  for (let k = 1; k <= n; k += 1) chance *= mean / k;
  return chance;
}

describe('exact counts', () => {
  it('have the bounds of the tables', () => {
    for (const { low, high, ...events } of known) {
      const bounds = shareBounds(events);
      expect(bounds.low).to.be.closeTo(low, 1e-4);
      expect(bounds.high).to.be.closeTo(high, 1e-4);
    }
  });

  it('tell two rates apart from the eighth loss beside none', () => {
    const base = { lost: 0, calls: 100_000 };
    expect(rateRatioBounds(base, { lost: 7, calls: 100_000 })?.low).to.be.below(1);
    expect(rateRatioBounds(base, { lost: 8, calls: 100_000 })).to.deep.include({ high: Infinity });
    expect(rateRatioBounds(base, { lost: 8, calls: 100_000 })?.low).to.be.above(1);
    expect(rateRatioBounds({ lost: 8, calls: 100_000 }, base)?.high).to.be.below(1);
    expect(rateRatioBounds(base, base)).to.equal(undefined);
  });

  it('count the calls of either run', () => {
    const bounds = rateRatioBounds({ lost: 100, calls: 10_000 }, { lost: 300, calls: 10_000 });
    expect(bounds?.low).to.be.within(2.1, 2.4);
    expect(bounds?.high).to.be.within(3.8, 4.2);
    const longer = rateRatioBounds({ lost: 100, calls: 10_000 }, { lost: 300, calls: 30_000 });
    expect([longer?.low, longer?.high].map((each) => (each ?? NaN) > 1)).to.deep.equal([false, true]);
  });

  it('call equal rates different in no more than one of a hundred pairs of runs', () => {
    for (const mean of [0.5, 4]) {
      // More are as good as impossible: with a mean of 4 one run in ten million has 18.
      const most = 18;
      let alarms = 0;
      for (let a = 0; a < most; a += 1)
        for (let b = 0; b < most; b += 1) {
          const bounds = rateRatioBounds({ lost: a, calls: 50_000 }, { lost: b, calls: 50_000 });
          if (bounds !== undefined && (bounds.low > 1 || bounds.high < 1))
            alarms += chanceOf(a, mean) * chanceOf(b, mean);
        }
      expect(alarms, `${mean} expected`).to.be.at.most(0.01);
    }
  });

  it('say how many calls show a rate', () => {
    expect(callsToSee(1 / 10_000)).to.equal(46_050);
    expect(1 / unseenRate(46_050)).to.be.closeTo(10_000, 1);
  });
});
