import { isLeftOut } from './left-out.ts';
import type { ImpliedFinding, Run, ScenarioResult } from './run.ts';

/** Whether what a scenario sees is told and no more: the spec only implies it, or contradicts itself about it. */
export function isInformational({ support, tier }: Pick<ScenarioResult, 'support' | 'tier'>): boolean {
  return support === 'informational' || tier === 'informational';
}

/** Parts that failed which only inferred clauses ask for. */
export function impliedFindings({ implied }: Pick<ScenarioResult, 'implied'>): ImpliedFinding[] {
  return implied ?? [];
}

type Judged = Pick<ScenarioResult, 'id' | 'support' | 'features' | 'verdict' | 'leftOut'>;

/**
 * Claimed features with scenarios that were not judged, by feature: nothing, or not all, is known there, so that a run cannot say that it
 * holds. A scenario of another release is not owed.
 */
export function unjudgedClaims(
  run: Pick<Run, 'implementation'> & { scenarios: readonly Judged[] },
): Map<string, string[]> {
  const claimed = new Set(run.implementation.supportedFeatures);
  const owed = run.scenarios.filter(
    ({ verdict, leftOut, features }) =>
      (verdict === 'not-run' || verdict === 'setup-failed') &&
      leftOut !== 'release' &&
      features.length > 0 &&
      features.every((feature) => claimed.has(feature)),
  );
  const features = [...new Set(owed.flatMap((scenario) => scenario.features))].sort();
  return new Map(
    features.map((feature) => [
      feature,
      owed.filter((scenario) => scenario.features.includes(feature)).map(({ id }) => id),
    ]),
  );
}

/** Whether a scenario that was not judged is no gap: it does not apply, and no claim of the implementation rests on it. */
export function isNobodysGap(result: ScenarioResult, claimed: ReadonlySet<string>): boolean {
  if (!isLeftOut(result)) return false;
  if (result.leftOut !== 'profile') return true;
  return result.features.length === 0 || !result.features.every((feature) => claimed.has(feature));
}
