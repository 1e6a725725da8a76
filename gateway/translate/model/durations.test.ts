import { expect } from 'chai';
import { durationMs, timeoutsOf } from './durations.ts';

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
