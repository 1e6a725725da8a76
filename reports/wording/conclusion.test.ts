import { expect } from 'chai';
import type { Run, ScenarioResult, Verdict } from '../../harness/results/run.ts';
import { conclusionOf } from './conclusion.ts';
import { exampleControlPlane } from '../testing/example-control-plane.fixture.ts';
import { exampleLoad } from '../testing/example-load.fixture.ts';
import { exampleRun, passingRun } from '../testing/example-run.fixture.ts';
import { byUrgency, clauseStates, countVerdicts } from './verdicts.ts';

function runWith(...verdicts: Verdict[]): Run {
  const [first] = passingRun().scenarios;
  const scenarios = verdicts.map((verdict, i) => ({ ...(first as ScenarioResult), id: `s/${i}`, verdict }));
  return { ...passingRun(), scenarios, load: [] };
}

describe('conclusionOf', () => {
  it('is passed only when every scenario passed', () => {
    expect(conclusionOf(runWith('pass', 'pass'))).to.deep.equal({
      state: 'passed',
      headline: 'All 2 scenarios passed',
      caveats: [],
    });
  });

  for (const verdict of ['wrong', 'slow', 'unstable'] as const)
    it(`is failed when one scenario is ${verdict}`, () => {
      const { state, headline } = conclusionOf(runWith('pass', verdict));
      expect([state, headline]).to.deep.equal(['failed', '1 of 2 scenarios failed']);
    });

  it('counts benchmarks of the control plane beside those of calls', () => {
    const controlPlane = exampleControlPlane();
    const run: Run = { ...passingRun(), command: 'load', scenarios: [], controlPlane };
    const { state, headline, caveats } = conclusionOf(run);
    expect([state, headline]).to.deep.equal(['incomplete', '2 benchmarks measured']);
    expect(caveats).to.deep.equal(['1 benchmark invalid: the figures are not shown.']);
    const [measured] = controlPlane;
    if (measured === undefined) throw new Error('the example has no benchmark');
    expect(conclusionOf({ ...run, load: [], controlPlane: [measured] }).state).to.equal('passed');
    expect(conclusionOf({ ...run, load: [], controlPlane: [] }).headline).to.equal('Nothing was judged');
  });

  it('does not count what could not be judged as a failure or a pass', () => {
    const { state, headline, caveats } = conclusionOf(runWith('pass', 'setup-failed'));
    expect([state, headline]).to.deep.equal(['incomplete', '1 of 2 scenarios passed']);
    expect(caveats).to.have.length(1);
    expect(conclusionOf(runWith('wrong', 'setup-failed', 'not-run')).headline).to.equal(
      '1 of 1 scenario failed',
    );
  });

  it('says when scenarios that do not apply were left out', () => {
    const { state, headline, caveats } = conclusionOf(runWith('pass', 'not-run'));
    expect([state, headline, caveats.length]).to.deep.equal(['passed', 'All 1 that ran passed', 1]);
  });

  it('tells what an informational scenario saw, and does not fail for it', () => {
    const run = runWith('pass', 'wrong');
    const scenarios = run.scenarios.map((s) => ({ ...s, support: 'informational' as const }));
    const [pass, wrong] = scenarios as [ScenarioResult, ScenarioResult];
    const { state, headline, caveats } = conclusionOf({ ...run, scenarios: [pass, wrong] });
    expect([state, headline]).to.deep.equal(['passed', 'All 1 that count passed']);
    expect(caveats).to.deep.equal([
      '1 informational scenario saw something else; that is told and no failure.',
    ]);
    expect(conclusionOf({ ...run, scenarios: [wrong] }).state).to.equal('incomplete');
  });

  it('tells of a part that is only implied, and counts the scenario as passed', () => {
    const finding = {
      clauses: ['c'],
      verdict: 'wrong',
      layer: 'routed',
      expected: 'OK',
      seen: 'no',
    } as const;
    const run = runWith('pass', 'pass');
    const scenarios = run.scenarios.map((s) => ({ ...s, implied: [{ ...finding, clauses: ['c'] }] }));
    const { state, headline, caveats } = conclusionOf({ ...run, scenarios });
    expect([state, headline]).to.deep.equal(['passed', 'All 2 scenarios passed']);
    expect(caveats).to.have.length(1);
    expect(caveats[0]).to.match(/^2 scenarios saw something else in a part that/);
  });

  it('is incomplete when the run ended early, judged nothing, or holds nothing', () => {
    const aborted = conclusionOf({ ...runWith('pass'), aborted: 'the API server went away' });
    expect(aborted.state).to.equal('incomplete');
    expect(aborted.caveats[0]).to.include('the API server went away');
    expect(conclusionOf(runWith('not-run')).state).to.equal('incomplete');
    expect(conclusionOf(runWith()).headline).to.equal('Nothing was judged');
  });

  it('is incomplete when a benchmark may not be believed', () => {
    const load = { ...exampleLoad(), invalid: ['noise'] };
    expect(conclusionOf({ ...runWith('pass'), load: [load] }).state).to.equal('incomplete');
    const invalid = conclusionOf({ ...runWith(), command: 'load', load: [load] });
    expect([invalid.state, invalid.headline]).to.deep.equal(['incomplete', 'No valid measurement']);
    expect(conclusionOf({ ...runWith(), command: 'load', load: [exampleLoad()] }).headline).to.equal(
      '1 benchmark measured',
    );
  });
});

describe('verdicts', () => {
  it('puts failures first and passes last', () => {
    const order = byUrgency(exampleRun().scenarios).map((s) => s.verdict);
    expect(order.slice(0, 7)).to.deep.equal([
      'wrong',
      'wrong',
      'wrong',
      'unstable',
      'slow',
      'setup-failed',
      'not-run',
    ]);
    expect(new Set(order.slice(7))).to.deep.equal(new Set(['pass']));
  });

  it('counts every scenario once', () => {
    const counts = countVerdicts(exampleRun().scenarios);
    expect(Object.values(counts).reduce((a, b) => a + b)).to.equal(exampleRun().scenarios.length);
  });

  it('calls a clause proven only when every scenario that cites it passed', () => {
    const finding = { clauses: ['i'], verdict: 'wrong', layer: 'routed', expected: '', seen: '' } as const;
    const beside = { clauses: ['i', 'j'], verdict: 'pass', support: 'core' } as const;
    const told = clauseStates([
      { ...beside, clauses: ['i', 'j'], implied: [{ ...finding, clauses: ['i'] }] },
    ]);
    expect([told.get('i'), told.get('j')]).to.deep.equal(['unproven', 'proven']);
    const states = clauseStates([
      { clauses: ['a', 'b', 'c'], verdict: 'pass', support: 'core' },
      { clauses: ['b'], verdict: 'not-run', support: 'core' },
      { clauses: ['c'], verdict: 'wrong', support: 'core' },
      { clauses: ['c'], verdict: 'setup-failed', support: 'core' },
      { clauses: ['d'], verdict: 'wrong', support: 'informational' },
    ]);
    expect(Object.fromEntries(states)).to.deep.equal({
      a: 'proven',
      b: 'unproven',
      c: 'failed',
      d: 'unproven',
    });
  });
});
