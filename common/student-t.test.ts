import { expect } from 'chai';
import { studentT } from './student-t.ts';

describe("quantiles of Student's t", () => {
  // From printed tables, which have three digits.
  for (const [degrees, share, value] of [
    [3, 0.995, 5.841],
    [5, 0.975, 2.571],
    [5, 0.995, 4.032],
    [9, 0.995, 3.25],
    [10, 0.975, 2.228],
    [10, 0.995, 3.169],
    [1e6, 0.995, 2.576],
    [10, 0.025, -2.228],
  ] as const) {
    it(`${share} at ${degrees} degrees of freedom`, () => {
      expect(studentT(degrees, share)).to.be.closeTo(value, 0.0006);
    });
  }
});
