import type { ScenarioResult } from './run.ts';

/**
 * What a scenario does not apply for: a feature nobody claims, another release, what a profile's product documents otherwise, CRDs that
 * are too old for it, or a cluster that may not be changed as it would change it.
 */
export type LeftOut = 'feature' | 'release' | 'profile' | 'crds' | 'cluster';

/** Whether a scenario did not run because it does not apply: no failure of anyone, and no pass. */
export function isLeftOut(result: Pick<ScenarioResult, 'verdict' | 'leftOut'>): boolean {
  return result.verdict === 'not-run' && result.leftOut !== undefined;
}
