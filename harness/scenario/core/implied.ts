import type { CallRecord, ImpliedFinding } from '../../results/run.ts';
import { isAllTold } from '../../env/run-rules.ts';
import { classify } from './classify.ts';
import type { ScenarioCore, Told } from './core.ts';
import type { RouteproofVerdict } from './verdict.ts';

/**
 * Runs a part that nothing but inferred clauses ask for. What it sees is kept in `core.told`, and the scenario goes on: what the spec
 * demands is judged whatever came of this.
 *
 * @throws Error - a clause that the scenario does not name, or that is not an inferred one; and whatever says nothing about the gateway
 */
export async function implied(
  core: ScenarioCore,
  clauses: string[],
  body: () => Promise<void>,
): Promise<void> {
  const stray = clauses.find((clause) => !core.meta.clauses.includes(clause));
  if (stray !== undefined || !isAllTold(core.env.rules, clauses))
    throw new Error(
      `implied() is for inferred clauses of the scenario's meta, not ${stray ?? clauses.join(', ')}`,
    );
  try {
    await body();
  } catch (error) {
    const verdict = classify(core, error);
    if (verdict.verdict === 'setup-failed' || verdict.verdict === 'not-run') throw error;
    core.timeline.add({ kind: 'check', text: `only implied, by ${clauses.join(', ')}`, ok: false });
    core.told.push({ clauses, verdict, failedCall: core.failedCall, records: unmarked(core.calls) });
    core.failedCall = undefined;
  }
}

/** A call that is marked would be taken for the one that a later verdict is about. */
function unmarked(calls: readonly CallRecord[]): Told['records'] {
  return calls.flatMap((record): Told['records'] => {
    const { role } = record;
    if (role === undefined) return [];
    delete record.role;
    return [[record, role]];
  });
}

/** The verdict that evidence is kept for where no other is: that of the first part that failed. undefined: none did. */
export function toldVerdict(core: ScenarioCore): RouteproofVerdict | undefined {
  const [first] = core.told;
  if (first === undefined) return undefined;
  core.failedCall = first.failedCall;
  for (const [record, role] of first.records) record.role = role;
  return first.verdict;
}

export function findingsOf(core: ScenarioCore): ImpliedFinding[] {
  return core.told.map(({ clauses, verdict: { verdict, layer, expected, seen } }) => ({
    clauses: [...clauses],
    verdict,
    layer,
    expected,
    seen,
  }));
}
