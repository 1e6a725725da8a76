import { countsAgainst } from '../results/counts-against.ts';
import type { ScenarioResult } from '../results/run.ts';
import type { RunEnv } from '../env/run-env.ts';
import type { Engine } from '../scenario/engine.ts';
import type { Registered } from '../specs/registry.ts';
import { rerunAlone } from '../scenario/rerun.ts';

/** For all failures together, milliseconds, before `--limits-scale`: a failure that waits in vain takes its time limit, every time. */
const budgetMs = 120_000;

export interface RerunFailuresOptions {
  engine: Engine;
  env: RunEnv;
  scenarios: readonly Registered[];
  limitsScale: number;
  /** After each scenario's runs. */
  onRerun: (result: ScenarioResult) => void;
}

/**
 * Runs what failed again, alone, the quickest first, until the time for that is used up. The pass rates go into the engine's results;
 * verdicts stay what they were.
 */
export async function rerunFailures(options: RerunFailuresOptions): Promise<void> {
  const { engine, env, scenarios, limitsScale, onRerun } = options;
  const endMs = performance.now() + budgetMs * limitsScale;
  for (const result of failuresOf(engine)) {
    const scenario = scenarios.find(({ meta }) => meta.id === result.id);
    if (scenario === undefined || engine.aborted !== undefined) continue;
    const left = Math.max(0, endMs - performance.now());
    const rerun = await rerunAlone(scenario, result, { env, signal: engine.signal, budgetMs: left });
    const told = { ...result, rerun };
    engine.results.set(result.id, told);
    onRerun(told);
  }
}

/** Quickest first: more of them get all their runs. */
export function failuresOf(engine: Engine): ScenarioResult[] {
  return [...engine.results.values()].filter(countsAgainst).sort((a, b) => a.durationMs - b.durationMs);
}
