import { expect } from 'chai';
import { figureOf } from './figure.ts';

const given = { name: 'changeServedMs', title: 'One route changed', unit: 'ms' } as const;

describe('a figure', () => {
  it('keeps every sample in order and sums them up', () => {
    const samples = Array.from({ length: 101 }, (_, index) => 100 - index);
    const figure = figureOf({ ...given, samples });
    expect(figure.samples).to.deep.equal(samples);
    expect(figure.invalid).to.deep.equal([]);
    expect(figure.summary).to.deep.equal({ samples: 101, p50: 50, p90: 90, p99: 99, max: 100, mean: 50 });
  });

  it('without samples is invalid, and no zero', () => {
    const { invalid, summary } = figureOf({ ...given, samples: [] });
    expect(invalid).to.deep.equal(['nothing was measured']);
    expect(summary).to.equal(undefined);
  });

  it('that is invalid has samples to look at and no summary', () => {
    const { invalid, samples, summary } = figureOf({ ...given, samples: [1, 2], invalid: ['busy'] });
    expect([invalid, samples, summary]).to.deep.equal([['busy'], [1, 2], undefined]);
  });

  it('is invalid when a process that it is about went away', () => {
    const { invalid, samples, summary } = figureOf({ ...given, samples: [1, NaN] });
    expect(invalid).to.deep.equal(['a process went away while it was measured']);
    expect([samples, summary]).to.deep.equal([[1], undefined]);
  });
});
