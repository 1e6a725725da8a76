import { expect } from 'chai';
import { exitCodeFor } from './exit-code.ts';
import { withKnown, type KnownFailure } from './known-failures.ts';
import type { ScenarioResult, Verdict } from './run.ts';

const result = (id: string, verdict: Verdict, expected = 'OK from v1, 3 times'): ScenarioResult => ({
  id,
  expected,
  suite: 'a',
  title: '',
  support: 'core',
  features: [],
  clauses: [],
  verdict,
  startedMs: 0,
  durationMs: 0,
  timeline: [],
  evidence: { objects: [], calls: [], logs: [] },
  notes: [],
});
const listed: KnownFailure[] = [
  { scenario: 'a/listed', reason: 'it does not do that' },
  { scenario: 'a/fickle', reason: 'it does that at times', sometimes: true, says: 'OK from v1' },
];
const exitCode = (...results: ScenarioResult[]): number =>
  exitCodeFor({ scenarios: withKnown(results, listed), aborted: false });

describe('known failures', () => {
  it('leave the exit code alone, and the verdict', () => {
    const [known] = withKnown([result('a/listed', 'wrong')], listed);
    expect(known).to.include({ verdict: 'wrong', known: 'it does not do that' });
    expect(exitCode(result('a/listed', 'wrong'), result('a/other', 'pass'))).to.equal(0);
    expect(exitCode(result('a/listed', 'wrong'))).to.equal(0);
  });

  it('do not hide others', () => {
    expect(exitCode(result('a/listed', 'wrong'), result('a/other', 'wrong'))).to.equal(1);
    expect(exitCode(result('a/listed', 'wrong'), result('a/other', 'setup-failed'))).to.equal(3);
  });

  it('are an error of the list when they pass, and when they cannot be run', () => {
    expect(exitCode(result('a/listed', 'pass'), result('a/other', 'pass'))).to.equal(3);
    expect(exitCode(result('a/listed', 'not-run'), result('a/other', 'pass'))).to.equal(3);
  });

  it('may pass where the fault comes and goes', () => {
    const [failed, passed] = withKnown([result('a/fickle', 'wrong'), result('a/fickle', 'pass')], listed);
    expect(failed?.known).to.equal('it does that at times');
    expect(passed?.known).to.equal(undefined);
    expect(exitCode(result('a/fickle', 'slow'), result('a/other', 'pass'))).to.equal(0);
    expect(exitCode(result('a/fickle', 'pass'), result('a/other', 'pass'))).to.equal(0);
  });

  it('are not known where they say something else', () => {
    expect(exitCode(result('a/fickle', 'wrong', 'nothing from v1'), result('a/other', 'pass'))).to.equal(1);
  });
});
