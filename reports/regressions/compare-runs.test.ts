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
    expect(comparison.regressions[0]?.place).to.match(
      /^data plane, between floor and gateway: .* \(direct: no difference, floor: no difference\)$/,
    );
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
      why: '0 of 30000 calls, and 3 of 30000; 1 in 10000 (1 in 88800 to 1 in 2730) in the new run; too few to tell the two rates apart, but the first lost call counts',
      place: 'data plane, in the gateway: direct and floor lost none',
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
      place: 'data plane, in the gateway: direct and floor lost none',
    });
  });

  it('leaves a few late calls to the machine where that wandered, and no more', () => {
    const busy = (lost: number): Run => {
      const run = runLike({ seed: 2, lost });
      for (const load of run.load)
        for (const each of load.figures ?? []) if (each.side === 'direct') each.invalid = ['unstable'];
      return run;
    };
    expect(compareRuns(base, busy(3), { threshold }).regressions).to.deep.equal([]);
    expect(compareRuns(base, busy(8), { threshold }).regressions.map(({ name }) => name)).to.deep.equal([
      'lostCalls',
    ]);
  });

  it('says from how many losses on chance does not explain them', () => {
    const { regressions } = compareRuns(base, runLike({ seed: 2, lost: 8 }), { threshold });
    expect(regressions[0]?.why).to.contain('more than chance explains');
  });

  it('says what runs of this length cannot show', () => {
    const { figures } = compareRuns(base, runLike({ seed: 2 }), { threshold });
    expect(figures.find(({ name, side }) => name === 'lostCalls' && side === 'gateway')).to.include({
      verdict: 'no difference',
      why: '0 of 30000 calls, and 0 of 30000; a loss of less than 1 in 6510 would not have shown in each run: for 1 in 10000 46050 calls are needed',
    });
  });

  it('does not blame the gateway for calls that are lost without it as well', () => {
    const comparison = compareRuns(base, runLike({ seed: 2, lost: 9, lostDirect: 6 }), { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(figure(comparison, 'lostCalls', 'gateway')).to.include({ verdict: 'worse' });
    expect(figure(comparison, 'lostCalls', 'gateway').why).to.contain('without the gateway as many are lost');
  });

  it('locates calls lost while nothing changes', () => {
    const callLoss = (lost: number): Run => {
      const figures = ['gateway', 'direct'].flatMap((side) => [
        { ...noFigure, name: `${side}LostCalls`, samples: [side === 'gateway' ? lost : 0] },
        { ...noFigure, name: `${side}Calls`, samples: [50_000] },
      ]);
      const subject = { subject: 'call-loss', title: 'x', invalid: [], durationMs: 1, notMeasured: [] };
      return { ...base, load: [], controlPlane: [{ ...subject, figures }] };
    };
    const { regressions } = compareRuns(callLoss(0), callLoss(5), { threshold });
    expect(regressions.map(({ side, place }) => `${side}: ${place}`)).to.deep.equal([
      'gateway: data plane, in the gateway: direct lost none',
    ]);
  });

  it('compares rounds of changes with an interval', () => {
    const perChange = (bytes: number): Run => {
      const samples = Array.from({ length: 10 }, (_, round) => bytes * (1 + round / 100));
      const summary = { samples: 10, p50: bytes, p90: bytes, p99: bytes, max: bytes, mean: bytes };
      const sized = { unit: 'bytes' as const, size: 500, sizeOf: 'routes' as const, invalid: [] };
      const figures = [
        { ...sized, name: 'bytesToProxyPerChange', title: 'Sent', averages: true, samples, summary },
      ];
      const subject = { subject: 'route-scale', title: 'x', invalid: [], durationMs: 1, notMeasured: [] };
      return { ...base, load: [], controlPlane: [{ ...subject, figures }] };
    };
    const { regressions } = compareRuns(perChange(900), perChange(1_200), { threshold });
    expect(regressions.map(({ place }) => place)).to.deep.equal([
      'control plane, between controller and proxy: more is sent for a change',
    ]);
    expect(regressions[0]?.effect?.low).to.be.within(1.2, 1.33);
    expect(compareRuns(perChange(900), perChange(905), { threshold }).figures[0]?.verdict).to.equal(
      'no difference',
    );
  });

  it('finds no difference in what equal runs on one machine differ by', () => {
    const perChange = (ms: number): Run => {
      const samples = Array.from({ length: 10 }, (_, round) => ms * (1 + (round % 3) / 50));
      const summary = { samples: 10, p50: ms, p90: ms, p99: ms, max: ms, mean: ms };
      const sized = { unit: 'ms' as const, size: 500, sizeOf: 'routes' as const, invalid: [] };
      const name = 'controllerCpuPerChangeMs';
      const figures = [{ ...sized, name, title: 'CPU', averages: true, samples, summary }];
      const subject = { subject: 'route-scale', title: 'x', invalid: [], durationMs: 1, notMeasured: [] };
      return { ...base, load: [], controlPlane: [{ ...subject, figures }] };
    };
    const verdict = (ms: number) =>
      compareRuns(perChange(5.13), perChange(ms), { threshold }).figures[0]?.verdict;
    expect([5.82, 7, 4.5, 4].map(verdict)).to.deep.equal([
      'no difference',
      'worse',
      'no difference',
      'better',
    ]);
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
      '5 of 1000 calls, and 5 of 1000; 1 in 200 (1 in 926 to 1 in 71) in the new run; too few to tell the two rates apart',
      '5 of 10000 calls, and 5 of 10000; 1 in 2000 (1 in 9280 to 1 in 707) in the new run; too few to tell the two rates apart',
    ]);
  });

  it('finds that everything is sent to the proxy for one change', () => {
    const bytesPerChange = (routes: number): number => 900 + routes * 180;
    const comparison = compareRuns(base, runLike({ seed: 2, bytesPerChange }), { threshold });
    expect(new Set(comparison.regressions.map(({ name }) => name))).to.deep.equal(
      new Set(['bytesToProxyPerChange']),
    );
    expect(figure(comparison, 'bytesToProxyPerChange', '', '5000').place).to.match(
      /^control plane, between controller and proxy: .*grows with their number: \d\d\.\d times as much with 5000 routes/,
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
    expect(comparison.undecided).to.deep.equal(['unary-latency']);
    expect(comparisonLines(comparison, { base: 'A', fresh: 'B', threshold }).at(-1)).to.match(
      /^unary-latency: what calls and changes cost could not be judged, which is no pass; /,
    );
  });

  it('takes the memory of one process for one number, whatever its blocks say', () => {
    const memory = (bytes: number): Run => {
      const figure = {
        subject: 'unary-latency',
        name: 'proxyMemoryBytes',
        title: 'Memory',
        unit: 'bytes' as const,
      };
      const samples = Array.from({ length: 8 }, (_, block) => bytes + block);
      const of = { ...figure, side: 'gateway' as const, better: 'lower' as const, calls: 1, invalid: [] };
      const [load] = base.load;
      if (load === undefined) throw new Error('the fixture has no load');
      return { ...base, load: [{ ...load, figures: [{ ...of, samples, value: bytes }] }], controlPlane: [] };
    };
    const verdict = (bytes: number) =>
      figure(compareRuns(memory(100_000_000), memory(bytes), { threshold }), 'proxyMemoryBytes', 'gateway')
        .verdict;
    expect([101_400_000, 112_000_000, 80_000_000].map(verdict)).to.deep.equal([
      'no difference',
      'worse',
      'better',
    ]);
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
    expect(lines.at(-1)).to.equal(
      '1 regression that the data show; 8 of 8 figures of the gateway could be judged',
    );
    expect(lines.at(-2)).to.match(
      /^\d+ better, \d+ worse, \d+ no difference, \d+ not judged; regressions beyond 10 %: 1$/,
    );
    expect(lines.filter((line) => line.startsWith('regression: '))).to.have.length(1);
    expect(comparisonLines(compareRuns(base, base, { threshold }), named).at(-1)).to.match(
      /^no difference that the data can show; /,
    );
    const markdown = comparisonMarkdown(comparison, named);
    expect(markdown).to.contain('## Performance: 1 regressions beyond 10 %');
    expect(markdown).to.match(
      /\| unary-latency: Latency, median, gateway \/ floor \| .*\| \*\*worse\*\* \| data plane, between floor/,
    );
  });
});
