import { expect } from 'chai';
import type { FaultCatch, FaultResult } from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';
import { faultsRun } from './faults-run.fixture.ts';
import { faultNotRun } from './judge.ts';
import { knownResults } from './known-results.ts';

const fault: FaultSpec = {
  name: 'planted',
  title: 'It is wrong.',
  area: 'matching',
  clauses: ['a'],
  layers: ['routed'],
};

const caughtAt = (layer: FaultCatch['layer']): FaultResult => ({
  ...faultNotRun(fault, '', 0),
  outcome: 'caught',
  catches: [{ scenario: 'suite/name', verdict: 'wrong', layer, expected: '', seen: '' }],
});
const isKnown = (result: FaultResult, now = fault): boolean =>
  knownResults([now], faultsRun([result])).has(fault.name);

describe('what an earlier run found out about faults', () => {
  it('is taken over where it was caught by clause or layer, or survived', () => {
    expect(isKnown(caughtAt('routed'))).to.equal(true);
    expect(isKnown({ ...caughtAt('connect'), clauseNamed: true })).to.equal(true);
    expect(isKnown({ ...caughtAt('routed'), outcome: 'survived', catches: [] })).to.equal(true);
  });

  it('is found out again where it may have been an accident, or was not run', () => {
    expect(isKnown(caughtAt('connect'))).to.equal(false);
    expect(isKnown({ ...caughtAt('connect'), outcome: 'unexplained' })).to.equal(false);
    expect(isKnown(faultNotRun(fault, 'no proxy', 0))).to.equal(false);
  });

  it('is found out again where the fault is aimed at other clauses or layers by now', () => {
    expect(isKnown(caughtAt('routed'), { ...fault, clauses: ['a', 'b'] })).to.equal(false);
    expect(isKnown(caughtAt('routed'), { ...fault, layers: ['routed', 'status'] })).to.equal(false);
    expect([...knownResults([], faultsRun([caughtAt('routed')])).keys()]).to.deep.equal([]);
  });
});
