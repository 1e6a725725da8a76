import { expect } from 'chai';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { blocksEffect, meansEffect, samplesEffect } from './effect.ts';

const random = xoroshiro128plus(7);
/** Close to normal: the sum of twelve even draws. */
const noise = (): number =>
  Array.from({ length: 12 }, () => uniformFloat64(random)).reduce((a, b) => a + b, -6);
const lognormal = (count: number, spread: number): number[] =>
  Array.from({ length: count }, () => Math.exp(spread * noise()));

function falseAlarms(trials: number, effect: () => { low: number; high: number } | undefined): number {
  let alarms = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const { low, high } = effect() ?? { low: NaN, high: NaN };
    if (!(low <= 1 && high >= 1)) alarms += 1;
  }
  return alarms / trials;
}

describe('effects between two runs', () => {
  it('call equal blocks different in about one of a hundred comparisons', () => {
    for (const blocks of [4, 6, 20]) {
      const rate = falseAlarms(3_000, () => blocksEffect(lognormal(blocks, 0.1), lognormal(blocks, 0.3)));
      expect(rate, `${blocks} blocks`).to.be.within(0.001, 0.02);
    }
  });

  it('call equal medians different in about one of a hundred comparisons', () => {
    const rate = falseAlarms(200, () => samplesEffect(lognormal(60, 0.3), lognormal(60, 0.3), 0.5));
    expect(rate).to.be.below(0.03);
  });

  it('give the ratio of the geometric means', () => {
    const effect = blocksEffect([1, 2, 4, 2], [2, 4, 8, 4]);
    expect(effect?.ratio).to.be.closeTo(2, 1e-9);
    expect(effect?.low).to.be.below(2);
    expect(effect?.high).to.be.above(2);
  });

  it('of blocks with zeros among them are of their means', () => {
    const base = [10, 12, 8, 10, 11, 9, 10, 12, 8, 10];
    const fresh = [0, 60, 40, 0, 60, 40, 50, 30, 70, 50];
    const effect = meansEffect(base, fresh);
    expect(effect?.ratio).to.be.closeTo(4, 1e-9);
    expect(effect?.low).to.be.within(1.5, 3.5);
    expect(effect?.high).to.be.within(4.5, 7);
    expect(meansEffect([0, 0, 0, 0], [1, 1, 1, 1])).to.equal(undefined);
  });

  it('need enough of it, above zero', () => {
    expect(blocksEffect([1, 1, 1], [1, 1, 1])).to.equal(undefined);
    expect(blocksEffect([0, 1, 1, 1], [1, 1, 1, 1])).to.equal(undefined);
    expect(samplesEffect(lognormal(60, 0.1), lognormal(60, 0.1), 0.99)).to.equal(undefined);
  });
});
