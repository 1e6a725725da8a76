import { expect } from 'chai';
import { formatBackoff, RestartBackoff } from './restart-backoff.ts';

describe('RestartBackoff', () => {
  it('restarts at once, then after 10 s, doubled up to 5 min', () => {
    const backoff = new RestartBackoff();
    const waits: number[] = [];
    let now = 0;
    for (let i = 0; i < 8; i++) {
      const wait = backoff.next(now);
      waits.push(wait / 1000);
      now += wait + 1000;
    }
    expect(waits).to.deep.equal([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('forgets after 10 min without an end', () => {
    const backoff = new RestartBackoff();
    backoff.next(0);
    expect(backoff.next(1000)).to.equal(10_000);
    expect(backoff.next(11_000 + 600_001)).to.equal(0);
  });

  it('writes times as a kubelet does', () => {
    expect([10_000, 80_000, 300_000].map(formatBackoff)).to.deep.equal(['10s', '1m20s', '5m0s']);
  });
});
