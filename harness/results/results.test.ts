import { expect } from 'chai';
import { totalsOf } from './assemble.ts';
import { exitCodeFor } from './exit-code.ts';
import type { ScenarioResult, Verdict } from './run.ts';

function result(verdict: Verdict, more: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    id: `suite/${verdict}`,
    suite: 'suite',
    title: 'a title',
    support: 'core',
    features: [],
    clauses: ['a'],
    verdict,
    startedMs: 0,
    durationMs: 1,
    timeline: [],
    evidence: { objects: [], calls: [], logs: [] },
    notes: [],
    ...more,
  };
}

function exitCode(...verdicts: Verdict[]): number {
  return exitCodeFor({ scenarios: verdicts.map((verdict) => result(verdict)), aborted: false });
}

describe('exit codes', () => {
  it('are 0 only when all is right', () => {
    expect(exitCode('pass', 'pass')).to.equal(0);
  });

  for (const verdict of ['wrong', 'slow', 'unstable'] as const) {
    it(`are 1 for ${verdict}, also beside what could not be run`, () => {
      expect(exitCode('pass', verdict)).to.equal(1);
      expect(exitCode('setup-failed', verdict, 'not-run')).to.equal(1);
    });
  }

  for (const verdict of ['setup-failed', 'not-run'] as const) {
    it(`are 3 for ${verdict}`, () => {
      expect(exitCode('pass', verdict)).to.equal(3);
    });
  }

  it('are 3 for an aborted run and for a run of nothing', () => {
    expect(exitCodeFor({ scenarios: [result('pass')], aborted: true })).to.equal(3);
    expect(exitCode()).to.equal(3);
  });

  it('do not count what an informational scenario sees', () => {
    const told = result('wrong', { support: 'informational', clauses: ['b'] });
    expect(exitCodeFor({ scenarios: [result('pass'), told], aborted: false })).to.equal(0);
    expect(exitCodeFor({ scenarios: [told], aborted: false })).to.equal(3);
    expect(totalsOf([result('pass'), told])).to.include({ wrong: 1, clausesProven: 1, clausesFailed: 0 });
  });

  it('do not count what does not apply', () => {
    const unclaimed = result('not-run', { leftOut: 'feature' });
    expect(exitCodeFor({ scenarios: [result('pass'), unclaimed], aborted: false })).to.equal(0);
    expect(exitCodeFor({ scenarios: [unclaimed], aborted: false })).to.equal(3);
  });
});

describe('totals', () => {
  it('count verdicts, and a clause as proven only when no scenario of it failed', () => {
    const totals = totalsOf([
      result('pass', { clauses: ['a', 'b'] }),
      result('wrong', { clauses: ['b', 'c'] }),
      result('not-run', { clauses: ['d'] }),
    ]);
    expect(totals).to.include({
      scenarios: 3,
      pass: 1,
      wrong: 1,
      'not-run': 1,
      clausesProven: 1,
      clausesFailed: 2,
    });
  });
});
