import { expect } from 'chai';
import { exitCodeFor } from '../results/exit-code.ts';
import { differs } from '../results/differs.ts';
import type { ScenarioResult, Verdict } from '../results/run.ts';
import { Repeats } from './repeats.ts';

function result(verdict: Verdict): ScenarioResult {
  return {
    id: 's/1',
    suite: 's',
    title: 'one',
    support: 'core',
    features: [],
    clauses: ['a'],
    verdict,
    startedMs: 0,
    durationMs: 10,
    ...(verdict === 'pass' ? {} : { layer: 'routed', expected: 'this', seen: `that was ${verdict}` }),
    timeline: [],
    evidence: { objects: [], calls: [], logs: [] },
    notes: [],
  };
}

function combined(...verdicts: Verdict[]): ScenarioResult {
  const repeats = new Repeats();
  for (const verdict of verdicts) repeats.add(result(verdict));
  return repeats.combined();
}

const exitCode = (...verdicts: Verdict[]): number =>
  exitCodeFor({ scenarios: [combined(...verdicts)], aborted: false });

describe('several runs of a scenario', () => {
  it('keep the verdict of each', () => {
    const { verdict, repeats = [], durationMs } = combined('pass', 'pass', 'pass');
    expect(verdict).to.equal('pass');
    expect(repeats.map((one) => one.verdict)).to.deep.equal(['pass', 'pass', 'pass']);
    expect(durationMs).to.equal(30);
  });

  for (const verdicts of [
    ['pass', 'wrong'],
    ['wrong', 'pass', 'pass'],
    ['slow', 'wrong'],
    ['pass', 'wrong', 'setup-failed'],
    ['pass', 'slow', 'not-run'],
  ] satisfies Verdict[][])
    it(`are unstable when they differ: ${verdicts.join(', ')}`, () => {
      const together = combined(...verdicts);
      expect(together.verdict).to.equal('unstable');
      expect(differs(together)).to.equal(true);
      expect(together.seen).to.match(/^passed \d of \d runs; else: that was (wrong|slow)$/);
      expect(together.layer).to.equal('routed');
      expect(exitCode(...verdicts)).to.equal(1);
    });

  it('are what each of them is when they do not differ', () => {
    expect(combined('wrong', 'wrong')).to.include({ verdict: 'wrong', seen: 'that was wrong' });
    expect(differs(combined('wrong', 'wrong'))).to.equal(false);
    expect(exitCode('wrong', 'wrong')).to.equal(1);
  });

  it('are no pass when one could not be judged, and no failure either', () => {
    expect(combined('pass', 'setup-failed').verdict).to.equal('setup-failed');
    expect(differs(combined('pass', 'setup-failed'))).to.equal(true);
    expect(exitCode('pass', 'setup-failed')).to.equal(3);
    expect(combined('wrong', 'not-run').verdict).to.equal('wrong');
  });

  it('are one run where there was one', () => {
    expect(combined('wrong')).to.deep.equal(result('wrong'));
  });
});
