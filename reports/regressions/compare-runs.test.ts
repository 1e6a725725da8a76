import { expect } from 'chai';
import { given } from '../../common/given.ts';
import type { Run } from '../../harness/results/run.ts';
import { compareRuns, type RunComparison } from './compare-runs.ts';
import type { ComparedFigure } from './compared-figure.ts';
import { runLike } from './runs.fixture.ts';
import { comparisonLines, comparisonMarkdown } from './text.ts';

const threshold = 0.1;
const base = runLike({ seed: 1 });
const noFigure = { title: 'Calls', unit: 'calls' as const, sizeOf: 'routes' as const, invalid: [] };

/** Calls straight to the backend wandered. */
function busy(run: Run): Run {
  for (const load of run.load)
    for (const each of load.figures ?? [])
      if (each.side === 'direct' && each.name === 'latencyP50Ms') each.invalid = ['the baseline is unstable'];
  return run;
}

/** A run of the benchmark of the control plane that counts calls while nothing changes. */
function callLoss(lost: number, busyWith?: string): Run {
  const figures = ['gateway', 'direct'].flatMap((side) => [
    { ...noFigure, name: `${side}LostCalls`, samples: [side === 'gateway' ? lost : 0] },
    { ...noFigure, name: `${side}Calls`, samples: [50_000] },
  ]);
  const subject = { subject: 'call-loss', title: 'x', invalid: [], durationMs: 1, notMeasured: [] };
  const result = { ...subject, figures, ...given({ busy: busyWith }) };
  return { ...base, load: [], controlPlane: [result] };
}

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

  it('judges no few late calls where the machine wandered, and finds many', () => {
    const comparison = compareRuns(base, busy(runLike({ seed: 2, lost: 3 })), { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(figure(comparison, 'lostCalls', 'gateway')).to.include({
      verdict: 'not judged',
      why: '0 of 30000 calls, and 3 of 30000; 1 in 10000 (1 in 88800 to 1 in 2730) in the new run; too few to tell the two rates apart, and the machine may have lost them: new: the baseline is unstable',
    });
    expect(comparison.undecided).to.deep.include({
      subject: 'unary-latency',
      why: 'whether it loses more calls could not be judged',
    });
    const many = compareRuns(base, busy(runLike({ seed: 2, lost: 8 })), { threshold });
    expect(many.regressions.map(({ name }) => name)).to.deep.equal(['lostCalls']);
  });

  it('judges calls where none was lost, however busy the machine was', () => {
    const comparison = compareRuns(base, busy(runLike({ seed: 2 })), { threshold });
    expect(figure(comparison, 'lostCalls', 'gateway').verdict).to.equal('no difference');
  });

  it('does not take a loss for none because a busy base run lost calls too', () => {
    const lossy = busy(runLike({ seed: 1, lost: 3 }));
    const comparison = compareRuns(lossy, runLike({ seed: 2, lost: 4 }), { threshold });
    expect(figure(comparison, 'lostCalls', 'gateway').verdict).to.equal('not judged');
    expect(figure(comparison, 'lostCalls', 'gateway').why).to.contain('base: the baseline is unstable');
  });

  it('judges no few broken streams where the machine wandered', () => {
    const direct = { name: 'latencyP50Ms', title: 'Latency', unit: 'ms' as const, side: 'direct' as const };
    const run = runLike({ seed: 2, broken: 2 });
    for (const load of run.load)
      if (load.subject === 'long-streams')
        load.figures?.push({
          ...direct,
          subject: load.subject,
          better: 'lower',
          invalid: ['the baseline is unstable'],
          samples: [],
          calls: 10,
        });
    const comparison = compareRuns(base, run, { threshold });
    expect(figure(comparison, 'brokenStreams', 'gateway').verdict).to.equal('not judged');
    expect(comparison.regressions).to.deep.equal([]);
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
    const { regressions } = compareRuns(callLoss(0), callLoss(5), { threshold });
    expect(regressions.map(({ side, place }) => `${side}: ${place}`)).to.deep.equal([
      'gateway: data plane, in the gateway: direct lost none',
    ]);
  });

  it('judges no few calls that a benchmark of the control plane lost on a busy machine, and finds many', () => {
    const comparison = compareRuns(callLoss(0), callLoss(5, 'other work runs'), { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(figure(comparison, 'lostCalls', 'gateway').verdict).to.equal('not judged');
    expect(figure(comparison, 'lostCalls', 'gateway').why).to.contain(
      'the machine may have lost them: new: other work runs',
    );
    expect(comparison.undecided).to.deep.equal([
      { subject: 'call-loss', why: 'whether it loses more calls could not be judged' },
    ]);
    const { regressions } = compareRuns(callLoss(0), callLoss(8, 'other work runs'), { threshold });
    expect(regressions.map(({ name }) => name)).to.deep.equal(['lostCalls']);
    expect(compareRuns(callLoss(0), callLoss(0, 'other work runs'), { threshold }).undecided).to.deep.equal(
      [],
    );
  });

  it('names a benchmark that is gone, or that failed, as undecided', () => {
    const gone = runLike({ seed: 2 });
    gone.load = gone.load.filter(({ subject }) => subject !== 'long-streams');
    gone.controlPlane = (gone.controlPlane ?? []).map((each) =>
      each.subject === 'route-scale' ? { ...each, figures: [], invalid: ['no route was accepted'] } : each,
    );
    const comparison = compareRuns(base, gone, { threshold });
    expect(comparison.regressions).to.deep.equal([]);
    expect(comparison.undecided).to.deep.equal([
      { subject: 'long-streams', why: 'it is not in the new run' },
      {
        subject: 'route-scale',
        why: 'nothing of it was measured in the new run: no route was accepted',
      },
    ]);
    const named = { base: 'A', fresh: 'B', threshold };
    const lines = comparisonLines(comparison, named);
    expect(lines).to.include('undecided: long-streams: it is not in the new run');
    expect(lines.at(-1)).to.match(
      /^long-streams: it is not in the new run; route-scale: .*, which is no pass; /,
    );
    expect(comparisonMarkdown(comparison, named)).to.contain(
      '- undecided: long-streams: it is not in the new run',
    );
  });

  it('names a benchmark that is gone on another machine too', () => {
    const gone = { ...runLike({ seed: 2 }), controlPlane: [] };
    gone.cluster = { ...gone.cluster, cpus: 64 };
    expect(compareRuns(base, gone, { threshold }).undecided.map(({ subject }) => subject)).to.deep.equal([
      'route-propagation',
      'route-scale',
    ]);
  });

  it('names a figure of the gateway that is gone, and not a percentile that has too few samples', () => {
    const gone = runLike({ seed: 2 });
    for (const load of gone.load)
      if (load.figures) load.figures = load.figures.filter(({ side }) => side !== 'gateway / floor');
    for (const each of gone.controlPlane ?? [])
      for (const of of each.figures) if (of.unit === 'ms') of.samples = of.samples.slice(0, 60);
    expect(compareRuns(base, gone, { threshold }).undecided).to.deep.include({
      subject: 'unary-latency',
      why: 'not measured in the new run: Latency, median, gateway / floor',
    });
    expect(compareRuns(base, gone, { threshold }).undecided.map(({ subject }) => subject)).to.not.include(
      'route-propagation',
    );
  });

  it('tells of a benchmark that is new, of which nothing can have got worse', () => {
    const old = runLike({ seed: 1 });
    old.load = old.load.filter(({ subject }) => subject !== 'long-streams');
    const comparison = compareRuns(old, runLike({ seed: 2 }), { threshold });
    expect(comparison.notes).to.include('long-streams: not judged, it is not in the base run');
    expect(comparison.undecided).to.deep.equal([]);
    expect(figure(comparison, 'brokenStreams', 'gateway').verdict).to.equal('not judged');
  });

  it('tells of a benchmark that failed in the base run, of which nothing can have got worse either', () => {
    const failed = runLike({ seed: 1 });
    failed.controlPlane = (failed.controlPlane ?? []).map((each) =>
      each.subject === 'route-scale' ? { ...each, figures: [], invalid: ['no route was accepted'] } : each,
    );
    const note = 'route-scale: not judged, nothing of it was measured in the base run: no route was accepted';
    for (const fresh of [runLike({ seed: 2 }), failed]) {
      const comparison = compareRuns(failed, fresh, { threshold });
      expect(comparison.notes).to.include(note);
      expect(comparison.undecided).to.deep.equal([]);
    }
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
    expect(comparison.undecided).to.deep.equal([
      { subject: 'unary-latency', why: 'what calls and changes cost could not be judged' },
    ]);
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
