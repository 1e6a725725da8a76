import type { ScenarioResult } from './run.ts';

/** What a scenario does not apply for: a feature nobody claims, another release, what a profile's product documents otherwise. */
export type LeftOut = 'feature' | 'release' | 'profile';

/** Whether a scenario did not run because it does not apply: no failure of anyone, and no pass. */
export function isLeftOut(result: Pick<ScenarioResult, 'verdict' | 'leftOut'>): boolean {
  return result.verdict === 'not-run' && result.leftOut !== undefined;
}
