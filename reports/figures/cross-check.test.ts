import { expect } from 'chai';
import { crossCheckedRun } from './cross-check.fixture.ts';
import { loadSection } from '../formats/load-summary.ts';

describe('other load generators in summary.md', () => {
  const text = loadSection(crossCheckedRun().load).join('\n\n');

  it('have a verdict each, and one that is missing is no pass', () => {
    expect(text).to.contain('- ! `unary-latency` by ghz: disagrees');
    expect(text).to.match(/- ! `unary-latency` by h2load: not measured: not installed: no .*h2load/);
    expect(text).to.not.contain('<b>');
  });

  it('stand beside k6, with the bound', () => {
    expect(text).to.contain(
      '| ghz | gateway | latency, median | 0.760 ms | 2.40 ms | **disagrees** | within a factor of 1.5, or 0.5 ms apart |',
    );
    expect(text).to.contain('| ghz | direct | latency, median | 0.360 ms | 0.310 ms | agrees |');
  });
});
