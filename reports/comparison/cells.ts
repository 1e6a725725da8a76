import { countsAgainst } from '../../harness/results/counts-against.ts';
import { isLeftOut } from '../../harness/results/left-out.ts';
import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { isInformational } from '../../harness/results/tier.ts';
import { clauseStates, isFailure, type ClauseState } from '../wording/verdicts.ts';

/** What a scenario has to say of one implementation. */
export type Cell =
  | 'pass'
  /** Counts against it, and nobody has looked at it yet. */
  | 'failed'
  /** Counts against it, looked at by hand, with a reason. */
  | 'known'
  /** Something else than the spec implies: told, no failure. */
  | 'told'
  | 'setup-failed'
  /** Does not apply: a feature that is not claimed, another release. */
  | 'left-out'
  /** Not in the run, or it ended before. */
  | 'absent';

export const cellWords: Record<Cell, { symbol: string; label: string; look: string }> = {
  failed: { symbol: '✕', label: 'failed', look: 'wrong' },
  known: { symbol: '✗', label: 'failed, known', look: 'wrong' },
  'setup-failed': { symbol: '!', label: 'setup failed', look: 'setup-failed' },
  absent: { symbol: '?', label: 'not run', look: 'not-run' },
  told: { symbol: '~', label: 'informational, otherwise', look: 'slow' },
  'left-out': { symbol: '–', label: 'does not apply', look: 'not-run' },
  pass: { symbol: '✓', label: 'pass', look: 'pass' },
};

export function cellOf(result: CellSource | undefined): Cell {
  if (result === undefined) return 'absent';
  if (isFailure(result.verdict)) {
    if (!countsAgainst(result)) return 'told';
    return result.known === undefined ? 'failed' : 'known';
  }
  if (result.verdict !== 'not-run') return result.verdict === 'pass' ? 'pass' : 'setup-failed';
  return isLeftOut(result) || isInformational(result) ? 'left-out' : 'absent';
}

type CellSource = Pick<ScenarioResult, 'verdict' | 'support' | 'tier' | 'leftOut' | 'known'>;

export const clauseWords: Record<ClauseState, { symbol: string; label: string; look: string }> = {
  failed: { symbol: '✕', label: 'failed', look: 'wrong' },
  unproven: { symbol: '–', label: 'not proven', look: 'not-run' },
  proven: { symbol: '✓', label: 'proven', look: 'pass' },
};

/** Ids of all scenarios of any of the runs, in order. */
export function scenarioIds(runs: readonly { scenarios: readonly Pick<ScenarioResult, 'id'>[] }[]): string[] {
  return [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ id }) => id)))].sort();
}

/** The state of every clause that any of the runs is about, a column for each run. */
export function clauseRows(
  runs: readonly Pick<Run, 'scenarios'>[] | readonly { scenarios: ClauseSource[] }[],
): { clause: string; states: ClauseState[] }[] {
  const columns = runs.map(({ scenarios }) => clauseStates(scenarios));
  const clauses = [...new Set(columns.flatMap((states) => [...states.keys()]))].sort();
  return clauses.map((clause) => ({
    clause,
    states: columns.map((states) => states.get(clause) ?? 'unproven'),
  }));
}

type ClauseSource = Pick<ScenarioResult, 'clauses' | 'verdict' | 'support' | 'tier' | 'implied'>;
