import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import type { Run, ScenarioResult, Verdict } from '../../harness/results/run.ts';
import { exampleControlPlane } from '../testing/example-control-plane.fixture.ts';
import { exampleRun, injection, passingRun } from '../testing/example-run.fixture.ts';
import { cellOf, clauseRows } from './cells.ts';
import { comparedFigures, figureReasons } from './figures.ts';
import { comparisonMarkdown } from './markdown.ts';
import { mergeRuns } from './merge.ts';
import { runFolder } from './run-folder.ts';

function named(run: Run, name: string, startedAt = run.startedAt): Run {
  return { ...run, startedAt, implementation: { ...run.implementation, name } };
}

function withVerdict(run: Run, id: string, verdict: Verdict): Run {
  return { ...run, scenarios: run.scenarios.map((s) => (s.id === id ? { ...s, verdict } : s)) };
}

describe('mergeRuns', () => {
  const passing = passingRun();
  const one = (run: Run, id: string): ScenarioResult | undefined => run.scenarios.find((s) => s.id === id);

  it('makes one run of the parts of each implementation', () => {
    const parts = [
      { ...passing, scenarios: passing.scenarios.slice(0, 5), load: [] },
      { ...passing, startedAt: '2026-11-23T00:00:00.000Z', scenarios: passing.scenarios.slice(5) },
    ];
    const [mine, other, ...more] = mergeRuns([...parts, named(passing, 'other', '2026-11-24T00:00:00.000Z')]);
    expect(more).to.deep.equal([]);
    expect(mine?.scenarios).to.have.lengthOf(passing.scenarios.length);
    expect(mine?.totals.pass).to.equal(passing.scenarios.length);
    expect(mine?.load).to.deep.equal(passing.load);
    expect(mine?.startedAt).to.equal(passing.startedAt);
    expect(other?.implementation.name).to.equal('other');
  });

  it('takes the latest result that says something, whatever the order of the runs', () => {
    const wrong = withVerdict(passing, 'header/exact', 'wrong');
    const later = '2026-11-23T00:00:00.000Z';
    const unreached = { ...withVerdict(passing, 'header/exact', 'not-run'), startedAt: later };
    expect(one(mergeRuns([unreached, wrong])[0] as Run, 'header/exact')?.verdict).to.equal('wrong');
    const mended = { ...passing, startedAt: later };
    expect(one(mergeRuns([mended, wrong])[0] as Run, 'header/exact')?.verdict).to.equal('pass');
  });

  it('keeps the benchmarks of all parts, of each the latest', () => {
    const [propagation, restart] = exampleControlPlane();
    if (propagation === undefined || restart === undefined) throw new Error('two benchmarks are wanted');
    const later = { ...propagation, durationMs: 1 };
    const parts = [
      { ...passing, controlPlane: [propagation] },
      { ...passing, startedAt: '2026-11-23T00:00:00.000Z', controlPlane: [restart] },
      { ...passing, startedAt: '2026-11-24T00:00:00.000Z', controlPlane: [later] },
      { ...passing, startedAt: '2026-11-25T00:00:00.000Z' },
    ];
    expect(mergeRuns(parts)[0]?.controlPlane).to.deep.equal([later, restart]);
  });

  it('keeps a whole benchmark where a later one failed, and says that the last benchmarks ended early', () => {
    const [whole] = exampleControlPlane();
    if (whole === undefined) throw new Error('a benchmark is wanted');
    const at = (day: number, part: Partial<Run>): Run => ({
      ...passing,
      startedAt: `2026-11-${String(day)}T00:00:00.000Z`,
      ...part,
    });
    const cut = { ...whole, figures: [], ended: 'it was not done after 300 s' };
    const load: Partial<Run> = { command: 'load', scenarios: [] };
    const [mine] = mergeRuns([
      at(23, {}),
      at(24, { ...load, controlPlane: [whole] }),
      at(25, { ...load, controlPlane: [cut], aborted: 'interrupted by SIGTERM' }),
    ]);
    expect(mine?.controlPlane).to.deep.equal([whole]);
    expect(mine?.aborted).to.equal('interrupted by SIGTERM');
    expect(figureReasons([mine as Run]).map(({ reason }) => reason)).to.include(
      'it ended early: interrupted by SIGTERM',
    );
  });

  it('compares nothing that was judged by different rules', () => {
    const other = { ...passing, profile: 'kgateway-guide' };
    expect(() => mergeRuns([passing, other])).to.throw(RouteproofError, 'profile kgateway-guide');
  });
});

describe('cellOf', () => {
  const at = (part: Partial<ScenarioResult>): string =>
    cellOf({ ...(passingRun().scenarios[0] as ScenarioResult), ...part });

  it('tells what nobody has looked at from what is known, and both from what is only told', () => {
    expect(cellOf(undefined)).to.equal('absent');
    expect(at({})).to.equal('pass');
    expect(at({ verdict: 'wrong' })).to.equal('failed');
    expect(at({ verdict: 'wrong', known: 'a reason' })).to.equal('known');
    expect(at({ verdict: 'wrong', support: 'informational' })).to.equal('told');
    expect(at({ verdict: 'not-run' })).to.equal('absent');
    expect(at({ verdict: 'not-run', leftOut: 'feature' })).to.equal('left-out');
    expect(at({ verdict: 'setup-failed' })).to.equal('setup-failed');
  });
});

describe('clauseRows', () => {
  it('has a state for each run, not proven where no scenario stands for it', () => {
    const failing = exampleRun();
    const rows = clauseRows([failing, { scenarios: [] }, passingRun()]);
    const row = rows.find(({ clause }) => clause === 'header-several-all-must-match');
    expect(row?.states).to.deep.equal(['failed', 'unproven', 'proven']);
  });
});

describe('comparisonMarkdown', () => {
  const runs = [named(exampleRun(), 'first'), named(passingRun(), 'sec|ond')];
  const text = comparisonMarkdown(runs);

  it('lists what some implementation fails, and counts the rest', () => {
    expect(text).to.include('| `header/several-all-must-match` | ✕ | ✓ |');
    expect(text).to.include('| `header-several-all-must-match` | ✕ | ✓ |');
    expect(text).not.to.include('`header/exact`');
    expect(text).to.match(/\d+ of 65 are not listed/);
  });

  it('gives the figures of valid benchmarks and the reasons of the others', () => {
    expect(text).to.match(/\| first \| `unary-latency` \| \d+ \| gateway \| [\d.]+ ms/);
    expect(text).to.match(/\| first \| `large-messages` \| \d+ \| invalid: [^|]*dropped/);
  });

  it('names the machine', () => expect(text).to.match(/^On the \S+ cluster, Kubernetes v.*CPUs.*GiB/m));

  it('keeps names from becoming markup', () => {
    expect(text).to.include('sec\\|ond');
    expect(comparisonMarkdown([named(exampleRun(), injection)])).not.to.match(/<img|<script/);
  });
});

describe('comparedFigures', () => {
  const measured = { ...named(exampleRun(), 'first'), controlPlane: exampleControlPlane() };
  const runs = [measured, { ...named(passingRun(), 'second'), load: [] }];
  const rows = comparedFigures(runs);
  const row = (title: string, of: string): string[] | undefined =>
    rows.find((one) => one.title.startsWith(title) && one.of === of)?.cells.map(({ text }) => text);

  it('puts each figure of every benchmark in a row, with a dash where a run has none', () => {
    expect(row('One route changed', '3000 routes')).to.deep.equal(['9.38 ms / 31.6 ms', '–']);
    expect(row('CPU time of the proxy', 'gateway')?.[0]).to.match(/^118 µs/);
    expect(rows.map(({ of }) => of)).not.to.include('direct');
  });

  it('gives no number of a figure that may not be believed, and says why', () => {
    expect(row('One route added', '10000 routes')).to.deep.equal(['invalid', '–']);
    const reasons = figureReasons(runs).map(({ subject, reason }) => `${subject}: ${reason}`);
    expect(reasons.join('\n'))
      .to.include('10000 routes: the probe called less')
      .and.include('bytesToProxy was not measured: the processes')
      .and.include('restart: the Gateway of the benchmark was not programmed')
      .and.include('large-messages: gateway: 37 iterations were dropped');
  });

  it('tells a single value as such, with what became of lost calls', () =>
    expect(row('Calls lost', '')?.[0]).to.equal('15 calls (12 UNAVAILABLE, 3 wrong backend)'));

  it('says where a benchmark ended before all was measured', () => {
    const [propagation] = exampleControlPlane();
    if (propagation === undefined) throw new Error('a benchmark is wanted');
    const cut = {
      ...measured,
      load: [],
      controlPlane: [{ ...propagation, ended: 'it was not done after 300 s' }],
    };
    expect(figureReasons([cut]).map(({ reason }) => reason)).to.include(
      'it ended early: it was not done after 300 s',
    );
  });

  it('is in the Markdown', () => {
    const text = comparisonMarkdown(runs);
    expect(text).to.match(/\| `route-propagation` \| One route changed[^|]* \| 3000 routes \| 9.38 ms/);
    expect(text).to.include('- first, `restart`: the Gateway of the benchmark was not programmed');
  });
});

describe('runFolder', () => {
  it('names no other place than one below runs/', () => {
    const of = (name: string, version: string): string =>
      runFolder({ implementation: { ...exampleRun().implementation, name, version } });
    expect(of('Envoy Gateway', 'v1.9.1')).to.equal('runs/envoy-gateway-v1.9.1');
    expect(of('../..', '/')).to.equal('runs/unnamed');
  });
});
