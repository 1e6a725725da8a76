import { RouteproofError } from '../../common/errors.ts';
import { readClauseIndex } from '../clauses/clause-facts.ts';
import { loadSpecs } from '../specs/load-specs.ts';
import { registeredScenarios, suiteOf } from '../specs/registry.ts';
import { specFiles } from '../specs/spec-files.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import { validateScenarios } from '../specs/validate.ts';
import { readClauses, readUnseen } from '../clauses/clause.ts';
import { coverageOf, mistakesIn, type ClauseCoverage } from './coverage.ts';

export interface ClauseSelection {
  /** First parts of clause ids, such as `hostname`. */
  areas?: string[];
  /** Only clauses that scenarios of these suites prove. */
  suites?: string[];
  /** Levels of support, such as `core`. */
  supports?: string[];
  uncovered?: boolean;
}

/**
 * Every selected clause with the scenarios that prove it or the reason why none can. Needs no cluster.
 *
 * @throws RouteproofError USAGE - an unknown area or level; UNKNOWN_SUITE; INVALID_INPUT - mistakes in suites/
 */
export async function clauseReport(selection: ClauseSelection): Promise<ClauseCoverage[]> {
  const clauses = readClauses();
  await loadSpecs([...specFiles().values()]);
  const scenarios = registeredScenarios();
  validateScenarios(scenarios, readClauseIndex());
  const metas = scenarios.map(({ meta }) => meta);
  const unseen = readUnseen();
  const mistakes = mistakesIn(clauses, metas, unseen);
  if (mistakes.length > 0) {
    throw new RouteproofError('INVALID_INPUT', `mistakes in the clauses: ${String(mistakes.length)}`, {
      object: 'suites/clauses',
      seen: mistakes.join('\n        '),
      hint: 'each names the clause or the scenario that it is in: mend it there',
    });
  }
  return selected(coverageOf(clauses, metas, unseen), selection);
}

function selected(rows: ClauseCoverage[], selection: ClauseSelection): ClauseCoverage[] {
  const { areas, suites, supports, uncovered = false } = selection;
  const known = (field: 'area' | 'support'): Set<string> => new Set(rows.map((row) => row[field]));
  for (const area of areas ?? []) mustBeKnown('USAGE', 'area', area, known('area'));
  for (const support of supports ?? []) mustBeKnown('USAGE', 'level of support', support, known('support'));
  const allSuites = new Set([...specFiles().keys()].map(suiteOf));
  for (const suite of suites ?? []) mustBeKnown('UNKNOWN_SUITE', 'suite', suite, allSuites);
  return rows.filter(
    (row) =>
      (areas?.includes(row.area) ?? true) &&
      (supports?.includes(row.support) ?? true) &&
      (suites === undefined || row.scenarios.some(({ id }) => suites.includes(suiteOf(id)))) &&
      (!uncovered || row.state === 'uncovered'),
  );
}
