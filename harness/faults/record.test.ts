import { expect } from 'chai';
import type { FaultResult, OfficialFaultResult } from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';
import { faultsRun } from './faults-run.fixture.ts';
import { faultNotRun } from './judge.ts';
import { updateRecord } from './record.ts';

const spec = (name: string): FaultSpec => ({
  name,
  title: '',
  area: 'matching',
  clauses: ['a'],
  layers: ['routed'],
});
const caught = (name: string, scenario = 's/1'): FaultResult => ({
  ...faultNotRun(spec(name), '', 0),
  outcome: 'caught',
  catches: [{ scenario, verdict: 'wrong', layer: 'routed', expected: 'OK', seen: 'NOT_FOUND' }],
});
const missed: OfficialFaultResult = { outcome: 'survived', tests: [], ran: 30, durationMs: 1 };
const [first, second] = ['2026-01-31T12:00:00.000Z', '2026-02-01T12:00:00.000Z'] as const;
const all = [spec('a'), spec('b')];

describe('the record of planted faults', () => {
  it('holds of each fault what was found out last, with its time, in the order of the faults', () => {
    const record = updateRecord(undefined, faultsRun([caught('b'), caught('a')]), all);
    expect(record.faults.map(({ name, testedAt }) => [name, testedAt])).to.deep.equal([
      ['a', first],
      ['b', first],
    ]);
    const survived: FaultResult = { ...caught('a'), outcome: 'survived', catches: [] };
    const next = updateRecord(record, faultsRun([survived], {}, { startedAt: second }), all);
    expect(next.faults.map(({ outcome, testedAt }) => [outcome, testedAt])).to.deep.equal([
      ['survived', second],
      ['caught', first],
    ]);
    expect(next.totals).to.include({ faults: 2, caught: 1, survived: 1 });
    expect(next.faults[1]?.catches).to.deep.equal([{ scenario: 's/1', verdict: 'wrong', layer: 'routed' }]);
  });

  it('keeps what was known of a fault that could not be run, or that the official suite was not asked about', () => {
    const known = { ...caught('a'), official: missed };
    const record = updateRecord(undefined, faultsRun([known, caught('b')]), all);
    const unrun = {
      ...faultNotRun(spec('a'), 'no proxy', 0),
      official: { ...missed, outcome: 'not-run' as const },
    };
    for (const result of [unrun, caught('a')]) {
      const [a] = updateRecord(record, faultsRun([result], {}, { startedAt: second }), all).faults;
      expect(a).to.deep.include({ outcome: 'caught', official: missed });
    }
  });

  it('counts what the official suite made of all of them', () => {
    const official = { release: 'v1', profile: 'P', excluded: [], caught: 9, survived: 9, notRun: 9 };
    const record = updateRecord(
      undefined,
      faultsRun([{ ...caught('a'), official: missed }], {}, { official }),
      all,
    );
    expect(record.official).to.include({ caught: 0, survived: 1, notRun: 0 });
  });

  it('says that a fault is not tried when it is new, or aimed elsewhere by now, and drops those that are gone', () => {
    const record = updateRecord(undefined, faultsRun([caught('a'), caught('gone')]), all);
    expect(record.faults.map(({ name, outcome }) => [name, outcome])).to.deep.equal([
      ['a', 'caught'],
      ['b', 'not-run'],
    ]);
    expect(record.allTried).to.equal(false);
    expect(updateRecord(record, faultsRun([caught('b')]), all).allTried).to.equal(true);
    const aimed = { ...spec('a'), clauses: ['a', 'z'] };
    expect(updateRecord(record, faultsRun([caught('b')]), [aimed]).faults[0]?.outcome).to.equal('not-run');
  });

  it('takes idle scenarios from a run of all faults, and strikes those that turned red since', () => {
    const idle = { idleScenarios: ['s/2', 's/3'] };
    const record = updateRecord(undefined, faultsRun([caught('a'), caught('b')], {}, idle), all);
    expect(record.idleScenarios).to.deep.equal(['s/2', 's/3']);
    const one = faultsRun([caught('b', 's/3')], {}, { idleScenarios: ['s/9'] });
    expect(updateRecord(record, one, all).idleScenarios).to.deep.equal(['s/2']);
  });
});
