import { expect } from 'chai';
import { faults } from '../../gateway/faults/catalog.ts';
import { loadSpecs } from '../../harness/specs/load-specs.ts';
import { registeredScenarios } from '../../harness/specs/registry.ts';
import { specFiles } from '../../harness/specs/spec-files.ts';
import { knownClauses } from '../../harness/specs/validate.ts';

describe('the clauses of planted faults', () => {
  it('exist, and for each fault a scenario is aimed at one of them', async () => {
    const known = knownClauses();
    for (const { name, clauses } of faults)
      for (const clause of clauses) expect(known.has(clause), `${name}: ${clause}`).to.equal(true);
    await loadSpecs([...specFiles().values()]);
    const proven = new Set(registeredScenarios().flatMap(({ meta }) => meta.clauses));
    const unaimed = faults.filter(({ clauses }) => !clauses.some((clause) => proven.has(clause)));
    expect(unaimed.map(({ name }) => name)).to.deep.equal([]);
  });
});
