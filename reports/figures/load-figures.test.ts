import { expect } from 'chai';
import { exampleCases, exampleLoad } from '../testing/example-load.fixture.ts';
import {
  caseText,
  figureDoubts,
  figureReasons,
  figureTable,
  formatFigure,
  intervalText,
} from './load-figures.ts';

const [cost] = (exampleLoad().figures ?? []).filter(({ side }) => side === 'gateway - floor');

describe('figures of benchmarks of calls', () => {
  it('stand in a table: a line a figure, a column a side, comparisons last', () => {
    const { sides, rows } = figureTable(exampleLoad());
    expect(sides).to.deep.equal([
      'direct',
      'floor',
      'gateway',
      'floor - direct',
      'gateway - floor',
      'gateway / floor',
    ]);
    expect(rows.map(({ title }) => title)).to.include('CPU time of the proxy for a request');
    for (const { cells } of rows) expect(cells).to.have.length(sides.length);
  });

  it('have a line for each case', () => {
    const { rows } = figureTable(exampleCases());
    const ofMedian = rows.filter(({ title }) => title === 'Latency, median');
    expect(ofMedian.map((row) => row.case)).to.deep.equal(['1 rules', '1000 rules']);
  });

  it('have their unit, and a sign where they are a difference', () => {
    expect(formatFigure(0.4123, { unit: 'ms', side: 'direct' })).to.equal('0.412 ms');
    expect(formatFigure(0.4123, { unit: 'ms', side: 'floor - direct' })).to.equal('+0.412 ms');
    expect(formatFigure(-12.34, { unit: 'us', side: 'gateway - floor' })).to.equal('−12.3 µs');
    expect(formatFigure(1.118, { unit: 'ratio', side: 'gateway / floor' })).to.equal('1.12 times');
    expect(formatFigure(1536, { unit: 'bytes', side: 'floor' })).to.equal('1.5 KiB');
    expect(formatFigure(812.4, { unit: 'messages/s', side: 'floor' })).to.equal('812 messages/s');
  });

  it('say of what size they are', () => {
    if (cost === undefined) throw new Error('the example has no comparison');
    expect(caseText({ ...cost, case: '65536', size: 65_536, sizeOf: 'bytes' })).to.equal('64 KiB');
    expect(caseText({ ...cost, case: 'bidi' })).to.equal('bidi');
  });

  it('have an interval only where there is one', () => {
    if (cost === undefined) throw new Error('the example has no comparison');
    expect(intervalText({ ...cost, unit: 'ms', interval: { low: 0.1, high: 0.2, level: 0.95 } })).to.equal(
      '+0.100 to +0.200 ms',
    );
    expect(intervalText({ ...cost, unit: 'bytes', interval: { low: 12, high: 2048, level: 0.95 } })).to.equal(
      '+12 B to +2 KiB',
    );
    const { interval: _none, ...without } = cost;
    expect(intervalText(without)).to.equal('');
  });

  it('are doubted for what was said of them, and when they are no number', () => {
    if (cost === undefined) throw new Error('the example has no comparison');
    expect(figureDoubts(cost)).to.deep.equal([]);
    expect(figureDoubts({ ...cost, invalid: ['busy'] })).to.deep.equal(['busy']);
    expect(figureDoubts({ ...cost, value: NaN })).to.deep.equal(['nothing was measured']);
    expect(figureReasons(exampleCases())).to.deep.equal([
      'gateway 1000: 3 iterations dropped, 300 requests per second were not kept up with; latencies leave them out',
    ]);
  });
});
