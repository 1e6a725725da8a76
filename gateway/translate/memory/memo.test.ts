import { expect } from 'chai';
import { deepEqual } from './memo.ts';

describe('deepEqual', () => {
  it('takes a missing field for an undefined one, and a Date for its text', () => {
    expect(deepEqual({ a: 1, b: undefined }, { a: 1 })).to.equal(true);
    expect(deepEqual({ a: new Date('2026-01-01T00:00:00Z') }, { a: '2026-01-01T00:00:00Z' })).to.equal(true);
    expect(deepEqual({ a: [1, 2] }, { a: [2, 1] })).to.equal(false);
    expect(deepEqual([], {})).to.equal(false);
    expect(deepEqual(null, {})).to.equal(false);
  });
});
