import { expect } from 'chai';
import type { Run } from '../../harness/results/run.ts';
import { compareRuns, type ComparedFigure, type RunComparison } from './compare-runs.ts';
import { runLike } from './runs.fixture.ts';
import { comparisonLines, comparisonMarkdown } from './text.ts';

const threshold = 0.1;
const base = runLike({ seed: 1 });
const noFigure = { title: 'Calls', unit: 'calls' as const, sizeOf: 'routes' as const, invalid: [] };

function figure(comparison: RunComparison, name: string, side = '', of = ''): ComparedFigure {
  const found = comparison.figures.find(
    (each) => each.name === name && each.side === side && each.of.startsWith(of),
  );
  if (found === undefined) throw new Error(`no figure ${name} ${side} ${of}`);
  return found;
}

describe('comparison of two runs', () => {
  it('finds no difference where there is none', () => {
    for (let seed = 2; seed < 14; seed += 1) {
      const { regressions } = compareRuns(base, runLike({ seed }), { threshold });
      expect(regressions, String(seed)).to.deep.equal([]);
    }
  });

  it('finds 200 microseconds that the gateway adds, and says that the floor does not', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, gatewayMs: 0.75 }), { threshold });
    expect(comparison.regressions.map(({ name, side }) => `${name} ${side}`)).to.deep.equal([
      'latencyP50Ms gateway / floor',
    ]);
    expect(comparison.regressions[0]?.place).to.contain('between floor and gateway');
    expect(figure(comparison, 'latencyP50Ms', 'floor').verdict).to.equal('no difference');
  });

  it('does not blame the gateway for a slower Envoy below it', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, floorMs: 0.7, gatewayMs: 0.77 }), { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(figure(comparison, 'latencyP50Ms', 'floor').verdict).to.equal('worse');
  });

  it('finds one call lost in 10,000, though it makes the latencies invalid', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, lost: 3 }), { threshold });
    expect(comparison.regressions.map(({ name, side }) => `${name} ${side}`)).to.deep.equal([
      'lostCalls gateway',
    ]);
    expect(comparison.regressions[0]).to.include({
      why: '0 of 30000 calls, and 3 of 30000',
      place: 'in the gateway: direct and floor lost none',
    });
    expect(figure(comparison, 'latencyP50Ms', 'gateway / floor')).to.include({
      verdict: 'not judged',
      why: 'invalid: new: gateway: 3 calls failed',
    });
  });

  it('finds streams that break', () => {
    const { regressions } = compareRuns(base, runLike({ seed: 2, broken: 10 }), { threshold });
    expect(regressions).to.have.length(1);
    expect(regressions[0]).to.include({
      name: 'brokenStreams',
      place: 'in the gateway: direct and floor lost none',
    });
  });

  it('takes a gateway for worse that can no longer be measured, while the backend can', () => {
    const slow = runLike({ seed: 2, gatewayMs: 50, doubt: 'gateway: 900 iterations dropped' });
    const { regressions } = compareRuns(base, slow, { threshold });
    expect(regressions.map(({ side, why }) => `${side}: ${why}`)).to.deep.equal([
      'gateway / floor: it can no longer be measured: gateway: 900 iterations dropped',
    ]);
  });

  it('counts calls lost at each size by the calls made there', () => {
    const restarts = (lost: number): Run => {
      const figures = [100, 1_000].flatMap((size) => [
        { ...noFigure, name: 'proxyLostCalls', size, samples: [lost] },
        { ...noFigure, name: 'proxyCalls', size, samples: [size * 10] },
      ]);
      const subject = { subject: 'restart', title: 'restart', invalid: [], durationMs: 1, notMeasured: [] };
      return { ...base, controlPlane: [{ ...subject, figures }] };
    };
    const { figures } = compareRuns(restarts(5), restarts(5), { threshold });
    expect(figures.filter(({ name }) => name === 'proxyLostCalls').map(({ why }) => why)).to.deep.equal([
      '5 of 1000 calls, and 5 of 1000',
      '5 of 10000 calls, and 5 of 10000',
    ]);
  });

  it('finds that everything is sent to the proxy for one change', () => {
    const bytesPerChange = (routes: number): number => 900 + routes * 180;
    const comparison = compareRuns(base, runLike({ seed: 2, bytesPerChange }), { threshold });
    expect(new Set(comparison.regressions.map(({ name }) => name))).to.deep.equal(
      new Set(['bytesToProxyPerChange']),
    );
    expect(figure(comparison, 'bytesToProxyPerChange', '', '5000').place).to.match(
      /between controller and proxy: .*grows with their number: \d\d\.\d times as much with 5000 routes/,
    );
  });

  it('does not take a slower machine for a slower gateway', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, machine: 1.6 }), { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(figure(comparison, 'changeServedMs')).to.include({
      verdict: 'worse',
      why: 'what has no gateway in it has slowed as much: the machine',
    });
  });

  it('says what is better', () => {
    const comparison = compareRuns(runLike({ seed: 2, gatewayMs: 0.75 }), base, { threshold });
    expect(figure(comparison, 'latencyP50Ms', 'gateway / floor').verdict).to.equal('better');
    expect(comparison.regressions).to.deep.equal([]);
  });

  it('judges no times of another machine, but ratios and bytes', () => {
    const elsewhere = runLike({ seed: 2, gatewayMs: 0.75 });
    elsewhere.cluster.cpus = 64;
    const comparison = compareRuns(base, elsewhere, { threshold });
    expect(comparison.otherMachine).to.contain('64 x ');
    expect(figure(comparison, 'changeServedMs')).to.include({
      verdict: 'not judged',
      why: 'another machine',
    });
    expect(comparison.regressions.map(({ side }) => side)).to.deep.equal(['gateway / floor']);
  });

  it('judges nothing by too few blocks', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, gatewayMs: 5, blocks: 3 }), { threshold });
    expect(figure(comparison, 'latencyP50Ms', 'gateway / floor').verdict).to.equal('not judged');
  });

  it('lets pass what is worse by less than the threshold', () => {
    const slower = runLike({ seed: 2, gatewayMs: 0.75 });
    expect(compareRuns(base, slower, { threshold: 0.5 }).regressions).to.deep.equal([]);
  });

  it('tells versions that differ, and which of them measure', () => {
    const other = runLike({ seed: 2 });
    other.versions = { ...other.versions, k6: 'v9', envoy: '9.9' };
    const { notes } = compareRuns(base, other, { threshold });
    expect(notes.find((note) => note.startsWith('k6'))).to.contain('it measures');
    expect(notes.find((note) => note.startsWith('envoy'))).to.not.contain('it measures');
  });

  it('reads well in a terminal and in a pull request', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, gatewayMs: 0.75 }), { threshold });
    const named = { base: 'A', fresh: 'B', threshold };
    const lines = comparisonLines(comparison, named);
    expect(lines.at(-1)).to.match(
      /^\d+ better, \d+ worse, \d+ no difference, \d+ not judged; regressions beyond 10 %: 1$/,
    );
    expect(lines.filter((line) => line.startsWith('regression: '))).to.have.length(1);
    const markdown = comparisonMarkdown(comparison, named);
    expect(markdown).to.contain('## Performance: 1 regressions beyond 10 %');
    expect(markdown).to.match(
      /\| unary-latency: Latency, median, gateway \/ floor \| .*\| \*\*worse\*\* \| between floor/,
    );
  });
});
