import { expect } from 'chai';
import { resultLine } from './progress-line.ts';
import type { ScenarioResult } from './run.ts';

const passed: ScenarioResult = {
  id: 'backend/pods',
  suite: 'backend',
  title: 'a title',
  support: 'core',
  features: [],
  clauses: ['stated', 'implied'],
  verdict: 'pass',
  startedMs: 0,
  durationMs: 1500,
  timeline: [],
  evidence: { objects: [], calls: [], logs: [] },
  notes: [],
};

describe('the line on a scenario', () => {
  it('is one line for a pass', () => {
    expect(resultLine(passed)).to.match(/^ {2}pass +1\.50 s {2}backend\/pods$/);
  });

  it('tells of a part that is only implied and failed', () => {
    const finding = {
      clauses: ['implied'],
      verdict: 'wrong',
      layer: 'backend',
      expected: 'v2',
      seen: 'v1',
    } as const;
    const lines = resultLine({ ...passed, implied: [{ ...finding, clauses: ['implied'] }] }).split('\n');
    expect(lines).to.have.length(2);
    expect(lines[0]).to.contain('pass');
    expect(lines[1]).to.match(/^ +informational, wrong at backend: v1$/);
  });
});
