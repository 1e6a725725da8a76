import { expect } from 'chai';
import type { ScenarioResult } from './run.ts';
import { isNobodysGap, unjudgedClaims } from './tier.ts';

const implementation = {
  name: 'any',
  version: '1',
  controllerName: 'example.com/any',
  gatewayClass: 'any',
  supportedFeatures: ['A', 'B'],
};

function result(id: string, more: Partial<ScenarioResult>): ScenarioResult {
  return {
    id,
    suite: 's',
    title: 'a title',
    support: 'extended',
    features: ['A'],
    clauses: ['a'],
    verdict: 'not-run',
    startedMs: 0,
    durationMs: 0,
    timeline: [],
    evidence: { objects: [], calls: [], logs: [] },
    notes: [],
    ...more,
  };
}

describe('claimed features', () => {
  it('are not judged where a scenario of theirs alone was not run, or left out for a profile', () => {
    const scenarios = [
      result('s/1', {}),
      result('s/2', { features: ['B'], leftOut: 'profile' }),
      result('s/3', { features: ['B'], verdict: 'pass' }),
    ];
    expect([...unjudgedClaims({ implementation, scenarios })]).to.deep.equal([
      ['A', ['s/1']],
      ['B', ['s/2']],
    ]);
  });

  it('owe nothing for another release, nor for features that are not claimed', () => {
    const scenarios = [
      result('s/1', { leftOut: 'release' }),
      result('s/2', { features: ['A', 'C'], leftOut: 'feature' }),
      result('s/3', { verdict: 'wrong' }),
    ];
    expect(unjudgedClaims({ implementation, scenarios }).size).to.equal(0);
    expect(scenarios.slice(0, 2).every((one) => isNobodysGap(one, new Set(['A', 'B'])))).to.equal(true);
    const owed = result('s/4', { leftOut: 'profile' });
    expect(isNobodysGap(owed, new Set(['A', 'B']))).to.equal(false);
    expect(isNobodysGap({ ...owed, features: [] }, new Set(['A', 'B']))).to.equal(true);
  });
});
