import { expect } from 'chai';
import type { ScenarioMeta } from '../specs/api.ts';
import type { Clause } from '../clauses/clause.ts';
import { coverageOf, mistakesIn, totalsOf } from './coverage.ts';

function clause(id: string, support = 'core'): Clause {
  return {
    id,
    level: 'MUST',
    support,
    channel: 'standard',
    source: 'a page',
    says: 'so',
    check: 'thus',
    upstream: 'none',
  };
}

function scenario(id: string, ...clauses: string[]): ScenarioMeta {
  return { id, title: id, support: 'core', clauses };
}

const why = 'it is kept inside of the implementation';

describe('coverage of clauses', () => {
  it('tells proven, unseen and uncovered apart', () => {
    const clauses = [clause('tls-a'), clause('tls-b'), clause('name-c', 'extended')];
    const rows = coverageOf(
      clauses,
      [scenario('tls/two', 'tls-a'), scenario('tls/one', 'tls-a')],
      new Map([['tls-b', why]]),
    );
    expect(rows.map(({ state, area }) => [state, area])).to.deep.equal([
      ['proven', 'tls'],
      ['unseen', 'tls'],
      ['uncovered', 'name'],
    ]);
    expect(rows[0]?.scenarios.map(({ id }) => id)).to.deep.equal(['tls/one', 'tls/two']);
    expect(rows[1]?.reason).to.equal(why);
    expect(totalsOf(rows).all).to.deep.equal({ clauses: 3, proven: 1, unseen: 1, uncovered: 1 });
    expect(totalsOf(rows).bySupport['extended']).to.include({ clauses: 1, uncovered: 1 });
  });

  it('finds reasons that stand for no clause, for a proven one, or say nothing, and ids given twice', () => {
    const clauses = [clause('a'), clause('b'), clause('b')];
    const unseen = new Map([
      ['a', why],
      ['b', 'todo'],
      ['c', why],
    ]);
    expect(mistakesIn(clauses, [scenario('x/y', 'a')], unseen)).to.deep.equal([
      'b is there twice',
      'unseen.yaml has a, which a scenario proves',
      'unseen.yaml gives no reason for b',
      'unseen.yaml has c, which is no clause',
    ]);
  });
});
