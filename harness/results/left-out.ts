import type { ScenarioResult } from './run.ts';

/** Whether a scenario did not run because it does not apply: no failure of anyone, and no pass. */
export function isLeftOut(result: Pick<ScenarioResult, 'verdict' | 'leftOut'>): boolean {
  return result.verdict === 'not-run' && result.leftOut !== undefined;
}
