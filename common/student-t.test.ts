import { expect } from 'chai';
import { studentT } from './student-t.ts';

describe("quantiles of Student's t", () => {
  // From printed tables.
  for (const [degrees, share, value, within] of [
    [5, 0.975, 2.571, 0.004],
    [10, 0.975, 2.228, 0.001],
    [5, 0.995, 4.032, 0.04],
    [10, 0.995, 3.169, 0.005],
    [1e6, 0.995, 2.576, 0.001],
    [10, 0.025, -2.228, 0.001],
  ] as const) {
    it(`${share} at ${degrees} degrees of freedom`, () => {
      expect(studentT(degrees, share)).to.be.closeTo(value, within);
    });
  }
});
