import { expect } from 'chai';
import { exampleCases, exampleLoad } from '../../reports/testing/example-load.fixture.ts';
import { loadLines } from './load-lines.ts';

describe('a benchmark of calls on a terminal', () => {
  it('has a line a side, and what one costs more than another with its interval', () => {
    const text = loadLines({ ...exampleLoad(), notes: ['Something went on beside it.'] }).join('\n');
    expect(text)
      .to.include('  Something went on beside it.')
      .and.match(/\n {2}floor {4}p50 /)
      .and.include('  gateway - floor: proxyCpuUsPerRequest 17.1 us (16.6 to 17.8)')
      .and.not.include('gateway: latencyP50Ms');
  });

  it('of several cases has every figure that stands, and why others do not', () => {
    const text = loadLines(exampleCases()).join('\n');
    expect(text)
      .to.include('  direct 1000: latencyP50Ms 0.34 ms')
      .and.include('  invalid: gateway 1000: 3 iterations dropped')
      .and.not.match(/gateway 1000: latencyP50Ms/);
  });

  it('shows a figure that no side line has', () => {
    const [figure] = exampleLoad().figures ?? [];
    if (figure === undefined) throw new Error('the example has no figure');
    const broken = { ...figure, name: 'brokenStreams', unit: 'calls', value: 3 } as const;
    expect(loadLines({ ...exampleLoad(), figures: [broken] }).join('\n')).to.include(
      'direct: brokenStreams 3 calls',
    );
  });
});
