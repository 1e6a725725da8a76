import { expect } from 'chai';
import { durationMs, timeoutsOf } from './durations.ts';
import { headerEdit } from './header-edits.ts';
import { deepEqual } from './memo.ts';

describe('durations', () => {
  it('adds up hours, minutes, seconds and milliseconds', () => {
    expect(durationMs('1h2m3s4ms')).to.equal(3_723_004);
    expect(durationMs('500ms')).to.equal(500);
    expect(durationMs('0s')).to.equal(0);
  });

  it('leaves out a timeout of zero, which means none', () => {
    expect(timeoutsOf({ request: '0s', backendRequest: '2s' })).to.deep.equal({ backendTimeoutMs: 2000 });
  });
});

describe('headerEdit', () => {
  it('refuses two actions on one name, whatever its case', () => {
    expect(headerEdit({ set: [{ name: 'x-a', value: '1' }], remove: ['X-A'] }).problem).to.include('x-a');
    expect(
      headerEdit({ set: [{ name: 'x-a', value: '1' }], add: [{ name: 'X-A', value: '2' }] }).problem,
    ).to.include('x-a');
  });
});

describe('deepEqual', () => {
  it('takes a missing field for an undefined one, and a Date for its text', () => {
    expect(deepEqual({ a: 1, b: undefined }, { a: 1 })).to.equal(true);
    expect(deepEqual({ a: new Date('2026-01-01T00:00:00Z') }, { a: '2026-01-01T00:00:00Z' })).to.equal(true);
    expect(deepEqual({ a: [1, 2] }, { a: [2, 1] })).to.equal(false);
    expect(deepEqual([], {})).to.equal(false);
    expect(deepEqual(null, {})).to.equal(false);
  });
});
