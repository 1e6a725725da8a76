import { expect } from 'chai';
import { ProbeState, thresholdsOf } from './probe-state.ts';

describe('ProbeState', () => {
  it('changes after as many equal answers in a row as the threshold says', () => {
    const state = new ProbeState({ successThreshold: 2, failureThreshold: 3 }, undefined);
    const answers = [true, false, true, true, false, false, true, false, false, false];
    const verdicts = answers.map((ok) => {
      state.observe(ok);
      return state.verdict;
    });
    const [n, t, f] = [undefined, true, false];
    expect(verdicts).to.deep.equal([n, n, n, t, t, t, t, t, t, f]);
  });

  it('tells once about each change', () => {
    const state = new ProbeState({ successThreshold: 1, failureThreshold: 1 }, true);
    expect([true, false, false, true].map((ok) => state.observe(ok))).to.deep.equal([
      false,
      true,
      false,
      true,
    ]);
  });

  it("has Kubernetes' defaults", () => {
    expect(thresholdsOf({})).to.deep.equal({ successThreshold: 1, failureThreshold: 3 });
  });
});
