import { expect } from 'chai';
import { given } from '../../common/given.ts';
import type { OfficialResult, OfficialTest } from '../results/official.ts';
import type { ScenarioResult, TimelineEvent } from '../results/run.ts';
import { comparisonLines, paceOfScenarios, paceOfSuite } from './pace.ts';

describe('the pace of the official suite and of the scenarios', () => {
  it('counts what ran, and leaves the set-up of the suite out', () => {
    const tests = [
      { verdict: 'pass', checks: 3 },
      { verdict: 'wrong', checks: 2 },
      { verdict: 'not-run', checks: 0 },
    ] as OfficialTest[];
    const official = { tests, setUpMs: 1000, durationMs: 3000 } as OfficialResult;
    expect(paceOfSuite(official)).to.deep.equal({ tests: 2, checks: 5, durationMs: 2000 });
  });

  it('counts checks and settled probes of scenarios, from the first start to the last end', () => {
    const event = (kind: TimelineEvent['kind'], ok?: boolean): TimelineEvent => ({
      atMs: 0,
      kind,
      text: '',
      ...given({ ok }),
    });
    const timeline = [
      event('apply'),
      event('check', true),
      event('probe', true),
      event('probe', false),
      event('status'),
    ];
    const scenario = (verdict: ScenarioResult['verdict'], startedMs: number): ScenarioResult =>
      ({ verdict, startedMs, durationMs: 500, timeline }) as ScenarioResult;
    const pace = paceOfScenarios([scenario('pass', 100), scenario('wrong', 300), scenario('not-run', 9000)]);
    expect(pace).to.deep.equal({ tests: 2, checks: 4, durationMs: 700 });
    expect(paceOfScenarios([])).to.deep.equal({ tests: 0, checks: 0, durationMs: 0 });
  });

  it('says how many times as many checks a second there are', () => {
    const official = { tests: 2, checks: 10, durationMs: 2000 };
    const routeproof = { tests: 9, checks: 100, durationMs: 4000 };
    const lines = comparisonLines({ official, routeproof });
    expect(lines[0]).to.contain('10 checks in 2.0 s: 5.0 checks a second');
    expect(lines[2]).to.contain('5.0 times');
  });
});
