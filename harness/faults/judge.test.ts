import { expect } from 'chai';
import { given } from '../../common/given.ts';
import type { FaultResult, OfficialFaultResult } from '../results/faults.ts';
import type { Layer, ScenarioResult, Verdict } from '../results/run.ts';
import type { FaultSpec } from './fault-spec.ts';
import { aimedAt, faultNotRun, faultsExitCode, judgeFault } from './judge.ts';

const fault: FaultSpec = {
  name: 'planted',
  title: 'It is wrong.',
  area: 'matching',
  clauses: ['a', 'b'],
  layers: ['routed'],
};

function result(id: string, verdict: Verdict, clauses: string[], layer?: Layer): ScenarioResult {
  return {
    id,
    suite: 'suite',
    title: 'a title',
    support: 'core',
    features: [],
    clauses,
    verdict,
    ...given({ layer }),
    startedMs: 0,
    durationMs: 1,
    timeline: [],
    evidence: { objects: [], calls: [], logs: [] },
    notes: [],
  };
}

const index = new Map([
  ['a', { informational: false }],
  ['told', { informational: true }],
]);

function judged(of: FaultSpec, results: ScenarioResult[]): FaultResult {
  return judgeFault(of, results, { clauses: index, durationMs: 5 });
}

describe('judging a planted fault', () => {
  it('aims the scenarios that share a clause with it', () => {
    const [one, two] = [{ clauses: ['x', 'b'] }, { clauses: ['x'] }];
    expect(aimedAt(fault, [one, two])).to.deep.equal({ aimed: [one], others: [two] });
  });

  it('calls it caught and explained when an aimed scenario blames its layer', () => {
    const found = judged(fault, [result('s/1', 'wrong', ['a'], 'routed'), result('s/2', 'pass', ['b'])]);
    expect(found).to.include({ outcome: 'caught', clauseNamed: true, layerNamed: true, scenarios: 2 });
    expect(found.catches.map(({ scenario }) => scenario)).to.deep.equal(['s/1']);
  });

  for (const verdict of ['slow', 'unstable'] as const) {
    it(`calls it caught when a scenario is ${verdict}`, () => {
      expect(judged(fault, [result('s/1', verdict, ['a'], 'routed')]).outcome).to.equal('caught');
    });
  }

  it('names no clause when only others notice, and no layer when they blame another', () => {
    const others = judged(fault, [result('s/1', 'wrong', ['x'], 'routed')]);
    expect(others).to.include({ outcome: 'caught', clauseNamed: false, layerNamed: false });
    const elsewhere = judged(fault, [result('s/1', 'wrong', ['a'], 'status')]);
    expect(elsewhere).to.include({ outcome: 'caught', clauseNamed: true, layerNamed: false });
  });

  it('calls it unexplained when nobody who notices proves one of its clauses or blames one of its layers', () => {
    const accident = result('s/1', 'wrong', ['x'], 'connect');
    const found = judged(fault, [accident, result('s/2', 'pass', ['a'])]);
    expect(found).to.include({ outcome: 'unexplained', clauseNamed: false, layerNamed: false });
    expect(found.catches.map(({ scenario }) => scenario)).to.deep.equal(['s/1']);
    expect(judged(fault, [accident, result('s/3', 'wrong', ['x'], 'routed')]).outcome).to.equal('caught');
  });

  it('takes what is only told for a catch where the fault is against an inferred clause, and nowhere else', () => {
    const told: ScenarioResult = {
      ...result('s/1', 'wrong', ['a', 'told'], 'routed'),
      tier: 'informational',
    };
    expect(judged(fault, [told]).outcome).to.equal('survived');
    const implied = judged({ ...fault, clauses: ['told'] }, [told]);
    expect(implied).to.include({ outcome: 'caught', clauseNamed: true, layerNamed: true });
    expect(implied.catches[0]).to.include({ tier: 'informational' });
  });

  it('takes a part that is only told for a catch where the fault is against its clause', () => {
    const finding = { clauses: ['told'], verdict: 'wrong', layer: 'routed', expected: '', seen: '' } as const;
    const passed = { ...result('s/1', 'pass', ['a', 'told']), implied: [{ ...finding, clauses: ['told'] }] };
    expect(judged(fault, [passed]).outcome).to.equal('survived');
    const implied = judged({ ...fault, clauses: ['a', 'told'] }, [passed]);
    expect(implied).to.include({ outcome: 'caught', clauseNamed: true, layerNamed: true });
    expect(implied.catches[0]).to.include({ scenario: 's/1', verdict: 'wrong', tier: 'informational' });
  });

  it('has it survive only when everything ran', () => {
    expect(judged(fault, [result('s/1', 'pass', ['a'])]).outcome).to.equal('survived');
    for (const verdict of ['setup-failed', 'not-run'] as const) {
      const found = judged(fault, [result('s/1', 'pass', ['a']), result('s/2', verdict, ['b'])]);
      expect(found.outcome, verdict).to.equal('not-run');
      expect(found.reason).to.match(/^s\/2/);
    }
    expect(judged(fault, []).outcome).to.equal('not-run');
  });

  it('ends with 1 for a survivor, an unexplained one or an idle scenario, 3 for what could not be run', () => {
    const of = (outcome: FaultResult['outcome']): FaultResult => ({ ...faultNotRun(fault, '', 0), outcome });
    const code = (
      faults: FaultResult[],
      more: { excluded?: unknown[]; idle?: string[]; aborted?: boolean } = {},
    ) =>
      faultsExitCode({
        faults,
        excluded: more.excluded ?? [],
        idleScenarios: more.idle ?? [],
        aborted: more.aborted ?? false,
      });
    expect(code([of('caught')])).to.equal(0);
    expect(code([of('caught'), of('survived'), of('not-run')])).to.equal(1);
    expect(code([of('caught'), of('unexplained')])).to.equal(1);
    expect(code([of('caught'), of('not-run')])).to.equal(3);
    const official: OfficialFaultResult = { outcome: 'not-run', tests: [], ran: 0, durationMs: 0 };
    expect(code([{ ...of('caught'), official }])).to.equal(3);
    expect(code([{ ...of('caught'), official: { ...official, outcome: 'survived' } }])).to.equal(0);
    expect(code([of('caught')], { excluded: ['s/1'], idle: ['s/2'] })).to.equal(3);
    expect(code([of('caught')], { aborted: true })).to.equal(3);
    expect(code([of('caught')], { idle: ['s/2'] })).to.equal(1);
  });
});
