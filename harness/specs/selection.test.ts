import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import type { ScenarioMeta } from './api.ts';
import { nearMatches, mustBeKnown } from '../../common/known-names.ts';
import type { ScenarioBody } from './registry.ts';
import { idOfFile, selectFiles, specFiles } from './spec-files.ts';
import { suitesDir } from '../../common/tools.ts';
import { knownClauses, validateScenarios } from './validate.ts';

const files = new Map(
  ['header/exact', 'header/regex', 'hostname/exact'].map((id) => [id, `/suites/${id}.spec.ts`]),
);

function thrown(body: () => void): RouteproofError {
  try {
    body();
  } catch (error) {
    if (error instanceof RouteproofError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('selecting spec files', () => {
  it('takes all of them when nothing is asked for', () => {
    expect(selectFiles({}, files)).to.have.length(3);
  });

  it('takes suites and single scenarios together', () => {
    expect(selectFiles({ suites: ['hostname'], scenarios: ['header/regex'] }, files)).to.deep.equal([
      '/suites/header/regex.spec.ts',
      '/suites/hostname/exact.spec.ts',
    ]);
  });

  it('names near matches of what it does not know, as bad usage', () => {
    const suite = thrown(() => selectFiles({ suites: ['headers'] }, files));
    expect(suite).to.include({ code: 'UNKNOWN_SUITE', fault: 'usage', hint: 'did you mean header?' });
    const scenario = thrown(() => selectFiles({ scenarios: ['exact'] }, files));
    expect(scenario.hint).to.equal('did you mean header/exact, hostname/exact?');
    const clause = thrown(() => mustBeKnown('UNKNOWN_CLAUSE', 'clause', 'zzzzzzzzzzzz', ['a', 'b']));
    expect(clause.hint).to.equal('one of a, b');
  });

  it('finds this checkout’s own, with the id that each must have', () => {
    const found = specFiles();
    expect(found.size).to.be.greaterThan(59);
    for (const [id, file] of found) expect(idOfFile(file)).to.equal(id);
  });
});

describe('near matches', () => {
  it('come best first, and not from far away', () => {
    expect(nearMatches('wieght', ['weight', 'height', 'hostname'])).to.deep.equal(['weight', 'height']);
    expect(nearMatches('x', ['hostname'])).to.deep.equal([]);
  });
});

describe('validating a scenario’s meta', () => {
  const index = new Map([
    ['known-clause', { informational: false }],
    ['inferred-clause', { informational: true }],
  ]);
  const good: ScenarioMeta = {
    id: 'header/exact',
    title: 'a title',
    support: 'core',
    clauses: ['known-clause'],
  };
  const file = join(suitesDir, 'header', 'exact.spec.ts');
  const body = (): void => undefined;

  it('takes a good one', () => {
    validateScenarios([{ meta: good, body, file }], index);
  });

  it('lists every problem of every scenario at once', () => {
    const bad = {
      ...good,
      id: 'header/other',
      clauses: ['known-claus'],
      support: 'main',
      colour: 'red',
    } as unknown as ScenarioMeta;
    const many = { ...good, clauses: [], backends: ['a', 'b', 'c', 'd', 'a'] };
    const error = thrown(() =>
      validateScenarios(
        [
          { meta: bad, body, file },
          { meta: many, body, file },
        ],
        index,
      ),
    );
    expect(error.code).to.equal('INVALID_INPUT');
    for (const problem of [
      'header/other: its id must be header/exact, after its file',
      'header/other: unknown field colour',
      'header/other: support is main, not one of core',
      'header/other: unknown clause known-claus (did you mean known-clause?)',
      'header/exact: it names no clause',
      'header/exact: 5 backends, there are 4 echo pods',
      'header/exact: a backend is named twice',
    ]) {
      expect(error.seen).to.contain(problem);
    }
  });

  it('finds an inferred clause beside a stated one whose part is not marked', () => {
    const mixed = { ...good, clauses: ['known-clause', 'inferred-clause'] };
    const error = thrown(() => validateScenarios([{ meta: mixed, body, file }], index));
    expect(error.seen).to.equal(
      'header/exact: inferred-clause is only inferred: put what it asks for into t.implied()',
    );
    const marked: ScenarioBody = (t) => t.implied(['inferred-clause'], () => Promise.resolve());
    validateScenarios([{ meta: mixed, body: marked, file }], index);
    const inseparable = { 'inferred-clause': 'one call shows both' };
    validateScenarios([{ meta: { ...mixed, inseparable }, body, file }], index);
    validateScenarios([{ meta: { ...good, clauses: ['inferred-clause'] }, body, file }], index);
  });

  it('finds a reason that nothing needs, or that is none', () => {
    const mixed = { ...good, clauses: ['known-clause', 'inferred-clause'] };
    for (const inseparable of [{ 'known-clause': 'a reason' }, { 'inferred-clause': '' }]) {
      const meta = { ...mixed, inseparable };
      const error = thrown(() => validateScenarios([{ meta, body, file }], index));
      expect(error.seen).to.contain('header/exact: inseparable: ');
    }
  });

  it('finds an id used twice', () => {
    const error = thrown(() =>
      validateScenarios(
        [
          { meta: good, body, file },
          { meta: good, body, file },
        ],
        index,
      ),
    );
    expect(error.seen).to.equal('header/exact: its id is used by another scenario too');
  });

  it('finds a manifest that is missing', () => {
    const meta = { ...good, manifests: ['exact.yaml', 'gone.yaml'] };
    const error = thrown(() => validateScenarios([{ meta, body, file }], index));
    expect(error.seen).to.equal('header/exact: the manifest gone.yaml is missing beside the spec file');
  });
});

describe('known clauses', () => {
  it('are those of every file of suites/clauses', () => {
    expect(knownClauses().size).to.be.greaterThan(500);
  });

  it('cannot be read where there are none', () => {
    expect(() => knownClauses('/nowhere')).to.throw('ENOENT');
  });
});
