import { expect } from 'chai';
import { codesText, doubtsOf, isMeasured, sizeText } from './control-plane.ts';
import { formatQuantity } from './figures.ts';
import { exampleControlPlane } from '../testing/example-control-plane.fixture.ts';

const [propagation, failed] = exampleControlPlane();
const [served] = propagation?.figures ?? [];

describe('figures of the control plane', () => {
  it('are believed where nothing speaks against them', () => {
    expect(served).not.to.equal(undefined);
    if (served === undefined) return;
    expect(doubtsOf(served)).to.deep.equal([]);
  });

  it('are doubted for what their maker says, and for what they are', () => {
    if (served === undefined) throw new Error('the example has no figure');
    const { summary, ...without } = served;
    expect(doubtsOf({ ...served, invalid: ['busy'] })).to.deep.equal(['busy']);
    expect(doubtsOf(without)).to.deep.equal(['nothing was measured']);
    expect(doubtsOf({ ...served, samples: [NaN] })).to.deep.equal(['a sample is no number']);
    expect(doubtsOf({ ...served, samples: [1] })).to.deep.equal([
      `its summary is of ${summary?.samples} samples, and it has 1`,
    ]);
  });

  it('make a benchmark that is measured, or one that is not', () => {
    expect([propagation, failed].map((each) => each !== undefined && isMeasured(each))).to.deep.equal([
      true,
      false,
    ]);
  });

  it('have their unit beside them', () => {
    expect(formatQuantity(4.214, 'ms')).to.equal('4.21 ms');
    expect(formatQuantity(1536, 'bytes')).to.equal('1.5 KiB');
    expect(formatQuantity(0.3412, 'percent')).to.equal('0.341 %');
    expect(formatQuantity(12, 'calls')).to.equal('12 calls');
  });

  it('say at what size they were measured, and how calls were lost', () => {
    if (served === undefined) throw new Error('the example has no figure');
    expect(sizeText(served)).to.equal('10 routes');
    expect(codesText({ ...served, codes: { 'wrong backend': 3, UNAVAILABLE: 12 } })).to.equal(
      '12 UNAVAILABLE, 3 wrong backend',
    );
  });
});
