import { expect } from 'chai';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { blocksEffect, level, meansEffect, samplesEffect, type Effect } from './effect.ts';

type Draw = () => number;

/** Normal, by Box and Muller. */
function normal(seed: number): Draw {
  const random = xoroshiro128plus(seed);
  return () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}

function times(count: number, draw: Draw): number[] {
  return Array.from({ length: count }, draw);
}

/** How many of so many intervals leave out the truth. */
function missed(trials: number, truth: number, effect: () => Effect | undefined): number {
  let outside = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const { low, high } = effect() ?? { low: NaN, high: NaN };
    if (!(low <= truth && high >= truth)) outside += 1;
  }
  return outside;
}

/** The most that intervals of the stated level miss: three standard deviations above the mean of so many trials. */
function mostMissed(trials: number): number {
  const rate = 1 - level;
  return trials * rate + 3 * Math.sqrt(trials * rate * level);
}

const trials = 4_000;
const counts = [4, 5, 6, 7, 8, 9, 10].flatMap((blocks): [number, number][] => [
  [blocks, blocks],
  [blocks, 14 - blocks],
]);

describe('intervals of effects between two runs', () => {
  for (const [baseSpread, freshSpread] of [
    [0.1, 0.1],
    [0.1, 0.3],
    [1, 1],
    [1, 0.2],
    [0.5, 1],
  ] as const) {
    it(`of 4 to 10 lognormal blocks of spread ${baseSpread} and ${freshSpread} hold the truth in 99 of a hundred`, () => {
      const noise = normal(7);
      const truth = 1.3;
      for (const [ofBase, ofFresh] of counts) {
        const outside = missed(trials, truth, () =>
          blocksEffect(
            times(ofBase, () => Math.exp(baseSpread * noise())),
            times(ofFresh, () => truth * Math.exp(freshSpread * noise())),
          ),
        );
        expect(outside, `${ofBase} and ${ofFresh} blocks`).to.be.at.most(mostMissed(trials));
      }
    });
  }

  /** Skewed, and zero about as often as a CPU time that is counted in ticks. */
  const ticks = (spread: number, noise: Draw): Draw => {
    return () => Math.floor(1.5 * Math.exp(spread * noise())) / 1.5;
  };

  for (const spread of [0.5, 1]) {
    it(`of 4 to 10 blocks of spread ${spread} with zeros among them hold the truth in 99 of a hundred`, () => {
      const draw = ticks(spread, normal(11));
      for (const truth of [1, 3])
        for (const [ofBase, ofFresh] of counts) {
          const pairs = (): Effect | undefined =>
            meansEffect(
              times(ofBase, draw),
              times(ofFresh, () => truth * draw()),
            ) ?? { ratio: truth, low: 0, high: Infinity };
          expect(missed(trials, truth, pairs), `${ofBase} and ${ofFresh} blocks, x${truth}`).to.be.at.most(
            mostMissed(trials),
          );
        }
    });
  }

  it('are no wider than they need be: equal spreads of equally many blocks are found where they are', () => {
    const noise = normal(13);
    // Ten blocks of 5 %: a fifth more is five times what the means vary by.
    const found = missed(500, 1, () =>
      blocksEffect(
        times(10, () => Math.exp(0.05 * noise())),
        times(10, () => 1.2 * Math.exp(0.05 * noise())),
      ),
    );
    expect(found).to.be.at.least(490);
  });

  it('of single samples call equal medians different in about one of a hundred comparisons', () => {
    const noise = normal(7);
    const draw = (): number[] => times(60, () => Math.exp(0.3 * noise()));
    expect(missed(200, 1, () => samplesEffect(draw(), draw(), 0.5))).to.be.below(6);
  });
});

describe('effects between two runs', () => {
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
  });

  it('have no bound above where the base may be zero', () => {
    const effect = meansEffect([0, 0, 0, 1], [4, 5, 4, 5]);
    expect(effect?.high).to.equal(Infinity);
    expect(effect?.low).to.be.within(1, 18);
    expect(meansEffect([0, 0, 0, 1], [0, 0, 1, 2])).to.include({ low: 0, high: Infinity });
    expect(meansEffect([0, 0, 0, 0], [1, 1, 1, 1])).to.include({ low: Infinity, high: Infinity });
    expect(meansEffect([0, 0, 0, 0], [0, 0, 0, 1])).to.include({ low: 0, high: Infinity });
    expect(meansEffect([1, 1, 1, 1], [0, 0, 0, 0])).to.include({ low: 0, high: 0 });
    expect(meansEffect([0, 0, 0, 0], [0, 0, 0, 0])).to.equal(undefined);
  });

  it('need enough of it, above zero', () => {
    const many = Array.from({ length: 60 }, (_, index) => 1 + index / 100);
    expect(blocksEffect([1, 1, 1], [1, 1, 1])).to.equal(undefined);
    expect(meansEffect([1, 1, 1], [1, 1, 1])).to.equal(undefined);
    expect(blocksEffect([0, 1, 1, 1], [1, 1, 1, 1])).to.equal(undefined);
    expect(samplesEffect(many, many, 0.99)).to.equal(undefined);
  });
});
