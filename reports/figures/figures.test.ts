import { expect } from 'chai';
import { formatBytes, formatClock, formatDuration, formatMs } from './figures.ts';

describe('figures', () => {
  it('gives latencies three significant digits', () => {
    const shown = [0, 0.4123, 1.7, 12.34, 99.96, 187.4, 999.4, 1204, 12_040].map(formatMs);
    expect(shown).to.deep.equal([
      '0 ms',
      '0.412 ms',
      '1.70 ms',
      '12.3 ms',
      '100 ms',
      '187 ms',
      '999 ms',
      '1.20 s',
      '12.0 s',
    ]);
  });

  it('tells durations as people do', () => {
    expect([450, 12_340, 59_940, 59_960, 125_000].map(formatDuration)).to.deep.equal([
      '450 ms',
      '12.3 s',
      '59.9 s',
      '1 min 00 s',
      '2 min 05 s',
    ]);
    expect([41.7, 7412].map(formatClock)).to.deep.equal(['42 ms', '7.41 s']);
  });

  it('gives memory in binary units', () => {
    expect([512, 25_769_803_776].map(formatBytes)).to.deep.equal(['512 B', '24 GiB']);
  });
});
