import { expect } from 'chai';
import type { FaultResult, FaultsPart, FaultsRun } from '../results/faults.ts';
import { faultsRun } from './faults-run.fixture.ts';
import { faultNotRun } from './judge.ts';
import { mergeRuns } from './merge.ts';

function result(name: string, outcome: FaultResult['outcome'] = 'caught'): FaultResult {
  const spec = { name, title: '', area: 'matching', clauses: [], layers: [] };
  return { ...faultNotRun(spec, '', 0), outcome };
}

const run = (part: Partial<FaultsPart>, faults: FaultResult[], more?: Partial<FaultsRun>): FaultsRun =>
  faultsRun(faults, part, more);

const shard = (index: number): Partial<FaultsPart> => ({ shard: { index, of: 2 } });

describe('merged runs of faults', () => {
  it('count a scenario as idle that no shard turned red', () => {
    const merged = mergeRuns([
      run(shard(1), [result('a')], { idleScenarios: ['s/1', 's/2'] }),
      run(shard(2), [result('b', 'survived')], { idleScenarios: ['s/2', 's/3'] }),
      run({ channel: 'experimental' }, [result('c'), result('d', 'unexplained')], { idleScenarios: ['s/4'] }),
    ]);
    expect(merged.complete).to.equal(true);
    expect(merged.idleScenarios).to.deep.equal(['s/2', 's/4']);
    expect(merged.totals).to.include({ faults: 4, caught: 2, unexplained: 1, survived: 1 });
  });

  it('are complete with all shards only, and name no idle scenario before', () => {
    const one = run(shard(1), [result('a')], { idleScenarios: ['s/1'] });
    expect(mergeRuns([one]))
      .to.include({ complete: false })
      .and.to.have.property('idleScenarios').that.is.empty;
    expect(mergeRuns([run({}, [result('a')], { complete: false })]).complete).to.equal(false);
  });

  it('name each part of theirs once', () => {
    const standard = (name: string): FaultsRun => run({}, [result(name)]);
    const parts = [
      { release: 'v1', channel: 'standard' },
      { release: 'v1', channel: 'experimental' },
    ];
    const merged = mergeRuns([standard('a'), run({ channel: 'experimental' }, [result('b')]), standard('c')]);
    expect(merged.parts).to.deep.equal(parts);
    const shards = mergeRuns([run(shard(1), [result('a')]), run(shard(2), [result('b')]), standard('c')]);
    expect(shards.parts).to.have.length(3);
  });

  it('tell one that was aborted, and what failed on the healthy gateway, once', () => {
    const excluded = [{ scenario: 's/1', verdict: 'slow' as const, seen: '' }];
    const merged = mergeRuns([
      run(shard(1), [result('a')], { excluded, aborted: 'interrupted' }),
      run(shard(2), [result('b')], { excluded }),
    ]);
    expect(merged.aborted).to.equal('interrupted');
    expect(merged.excluded).to.deep.equal(excluded);
  });

  it('add up what the official suite made of their faults', () => {
    const column = { release: 'v1', profile: 'P', excluded: ['T'], caught: 9, survived: 9, notRun: 9 };
    const official = (outcome: 'caught' | 'survived'): Pick<FaultResult, 'official'> => ({
      official: { outcome, tests: [], ran: 1, durationMs: 1 },
    });
    const merged = mergeRuns([
      run(shard(1), [{ ...result('a'), ...official('caught') }], { official: column }),
      run(shard(2), [{ ...result('b'), ...official('survived') }, result('c')], { official: column }),
    ]);
    expect(merged.official).to.deep.equal({ ...column, caught: 1, survived: 1, notRun: 0 });
  });

  it('are refused when a fault is in two of them, and when there are none', () => {
    expect(() => mergeRuns([run({}, [result('a')]), run({}, [result('a')])])).to.throw('two of the results');
    expect(() => mergeRuns([])).to.throw('nothing to merge');
  });
});
