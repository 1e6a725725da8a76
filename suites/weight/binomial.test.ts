import { expect } from 'chai';
import { acceptedCounts } from './binomial.ts';

describe('acceptedCounts', () => {
  it('leaves no room when nobody or everybody is meant', () => {
    expect(acceptedCounts(400, 0)).to.deep.equal({ low: 0, high: 0 });
    expect(acceptedCounts(400, 1)).to.deep.equal({ low: 400, high: 400 });
  });

  it('is the exact interval of a case small enough to sum by hand', () => {
    // Ten fair coins: P(X = 0) = 1/1024 and P(X <= 1) = 11/1024.
    expect(acceptedCounts(10, 0.5, 2.1 / 1024)).to.deep.equal({ low: 1, high: 9 });
    expect(acceptedCounts(10, 0.5, 1.9 / 1024)).to.deep.equal({ low: 0, high: 10 });
    expect(acceptedCounts(10, 0.5, 22.1 / 1024)).to.deep.equal({ low: 2, high: 8 });
  });

  it('is the mirror image for the other backend of a split', () => {
    const { low, high } = acceptedCounts(400, 0.3);
    expect(acceptedCounts(400, 0.7)).to.deep.equal({ low: 400 - high, high: 400 - low });
  });

  it('is as wide as its documentation says and narrower than an ignored weight', () => {
    expect(acceptedCounts(400, 0.3)).to.deep.equal({ low: 73, high: 170 });
    expect(acceptedCounts(400, 0.3).high).to.be.below(acceptedCounts(400, 0.7).low);
  });
});
