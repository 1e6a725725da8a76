import { impliedFindings } from '../../harness/results/tier.ts';
import { countsAgainst } from '../../harness/results/counts-against.ts';
import type { Run, ScenarioResult, Verdict } from '../../harness/results/run.ts';

/** Worst first: the order in which people want to read them. */
export const verdictOrder = [
  'wrong',
  'unstable',
  'slow',
  'setup-failed',
  'not-run',
  'pass',
] as const satisfies readonly Verdict[];

/** A symbol beside every colour, because colour alone is lost on paper and on one reader in twelve. */
export const verdictWords: Record<Verdict, { symbol: string; label: string; meaning: string }> = {
  wrong: { symbol: '✕', label: 'wrong', meaning: 'the answer was not what the specification asks for' },
  unstable: { symbol: '≈', label: 'unstable', meaning: 'the answer was right only some of the time' },
  slow: { symbol: '◷', label: 'slow', meaning: 'the answer became right, but only after the limit' },
  'setup-failed': {
    symbol: '!',
    label: 'setup failed',
    meaning: 'the scenario could not be set up; says nothing about the gateway',
  },
  'not-run': { symbol: '–', label: 'not run', meaning: 'did not apply, or the run ended before it' },
  pass: { symbol: '✓', label: 'pass', meaning: 'every expectation held' },
};

/** An answer that was not right; countsAgainst tells whether it is held against the implementation. */
export function isFailure(verdict: Verdict): boolean {
  return verdict === 'wrong' || verdict === 'slow' || verdict === 'unstable';
}

/** Failures first, then what could not be judged, then passes; by id within each. */
export function byUrgency<T extends Pick<ScenarioResult, 'id' | 'verdict'>>(scenarios: readonly T[]): T[] {
  const rank = (s: T): number => verdictOrder.indexOf(s.verdict);
  return scenarios.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : Number(a.id > b.id)));
}

/** Counted from the scenarios themselves, so that a report can never disagree with its own list. */
export function countVerdicts(
  scenarios: readonly Pick<ScenarioResult, 'verdict'>[],
): Record<Verdict, number> {
  const counts = { pass: 0, wrong: 0, slow: 0, unstable: 0, 'setup-failed': 0, 'not-run': 0 };
  for (const scenario of scenarios) counts[scenario.verdict]++;
  return counts;
}

export type ClauseState = 'failed' | 'unproven' | 'proven';

/** A clause is proven when every scenario that cites it passed, failed when one of them failed and counts. */
export function clauseStates(
  scenarios: readonly Pick<ScenarioResult, 'clauses' | 'verdict' | 'support' | 'tier' | 'implied'>[],
): Map<string, ClauseState> {
  const states = new Map<string, ClauseState>();
  for (const scenario of scenarios) {
    const passed = scenario.verdict === 'pass';
    const state = countsAgainst(scenario) ? 'failed' : passed ? 'proven' : 'unproven';
    const told = new Set(impliedFindings(scenario).flatMap(({ clauses }) => clauses));
    for (const clause of scenario.clauses)
      states.set(clause, worse(states.get(clause), told.has(clause) ? 'unproven' : state));
  }
  return states;
}

function worse(a: ClauseState | undefined, b: ClauseState): ClauseState {
  if (a === 'failed' || b === 'failed') return 'failed';
  return a === 'unproven' || b === 'unproven' ? 'unproven' : 'proven';
}

export function suitesOf(run: Run): string[] {
  return [...new Set(run.scenarios.map((s) => s.suite))].toSorted();
}
