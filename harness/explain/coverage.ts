import type { ScenarioMeta } from '../specs/api.ts';
import { areaOf, type Clause } from '../clauses/clause.ts';

/** `proven`: a scenario stands for it; `unseen`: no black box can see it, the reason is given; `uncovered`: neither, so far. */
export const coverageStates = ['proven', 'unseen', 'uncovered'] as const;
export type CoverageState = (typeof coverageStates)[number];

export interface ClauseCoverage extends Clause {
  area: string;
  state: CoverageState;
  /** The scenarios that prove it, by id. */
  scenarios: Pick<ScenarioMeta, 'id' | 'features' | 'support' | 'profiles'>[];
  /** Why no black box can see it. */
  reason?: string;
}

/** What is known about each clause, in the order of `clauses`. */
export function coverageOf(
  clauses: readonly Clause[],
  scenarios: readonly ScenarioMeta[],
  unseen: ReadonlyMap<string, string>,
): ClauseCoverage[] {
  const proving = new Map<string, ClauseCoverage['scenarios']>();
  for (const { id, support, features = [], profiles, clauses: ids } of scenarios) {
    for (const clause of ids) {
      const list = proving.get(clause) ?? [];
      const only = profiles === undefined ? {} : { profiles };
      proving.set(clause, [...list, { id, support, features, ...only }]);
    }
  }
  return clauses.map((clause) => {
    const scenariosOf = (proving.get(clause.id) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1));
    const reason = unseen.get(clause.id);
    const state = scenariosOf.length > 0 ? 'proven' : reason === undefined ? 'uncovered' : 'unseen';
    return {
      ...clause,
      area: areaOf(clause.id),
      state,
      scenarios: scenariosOf,
      ...(state === 'unseen' && reason !== undefined ? { reason } : {}),
    };
  });
}

/**
 * What is wrong with the data itself: a reason for a clause that does not exist, that is empty, or that stands beside a scenario
 * that proves the clause; a clause id given twice.
 */
export function mistakesIn(
  clauses: readonly Clause[],
  scenarios: readonly ScenarioMeta[],
  unseen: ReadonlyMap<string, string>,
): string[] {
  const ids = clauses.map(({ id }) => id);
  const known = new Set(ids);
  const proven = new Set(scenarios.flatMap((scenario) => scenario.clauses));
  const mistakes = ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id} is there twice`);
  for (const [id, reason] of unseen) {
    if (!known.has(id)) mistakes.push(`unseen.yaml has ${id}, which is no clause`);
    if (proven.has(id)) mistakes.push(`unseen.yaml has ${id}, which a scenario proves`);
    if (typeof reason !== 'string' || reason.trim().length < 20)
      mistakes.push(`unseen.yaml gives no reason for ${id}`);
  }
  return mistakes;
}

export type CoverageTotals = Record<CoverageState, number> & { clauses: number };

/** Counts, over all and for each support level. */
export function totalsOf(rows: readonly ClauseCoverage[]): {
  all: CoverageTotals;
  bySupport: Record<string, CoverageTotals>;
} {
  const levels = [...new Set(rows.map(({ support }) => support))];
  const bySupport = levels.map((level) => [level, counted(rows.filter(({ support }) => support === level))]);
  return { all: counted(rows), bySupport: Object.fromEntries(bySupport) as Record<string, CoverageTotals> };
}

function counted(rows: readonly ClauseCoverage[]): CoverageTotals {
  const count = (state: CoverageState): number => rows.filter((row) => row.state === state).length;
  return {
    clauses: rows.length,
    proven: count('proven'),
    unseen: count('unseen'),
    uncovered: count('uncovered'),
  };
}
