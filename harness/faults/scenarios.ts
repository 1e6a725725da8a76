import { readClauseIndex } from '../clauses/clause-facts.ts';
import { scaledLimits, type Limits } from '../env/limits.ts';
import { loadSpecs } from '../specs/load-specs.ts';
import { registeredScenarios, type Registered } from '../specs/registry.ts';
import { specFiles } from '../specs/spec-files.ts';
import { validateScenarios } from '../specs/validate.ts';

/**
 * A scenario that notices a fault often does so by waiting in vain, so limits are short here: about 25 times what the healthy gateway
 * needs, which passes all scenarios with them, under the same load, before anything else counts.
 */
export const defaultFaultLimitsScale = 0.25;

export function faultLimits(scale: number): Limits {
  return { ...scaledLimits(scale), ...scaledSetUp(scale) };
}

/** Whatever starts proxies and pods takes what it takes, and is seldom waited for in vain. */
function scaledSetUp(scale: number): Partial<Limits> {
  const { installMs, baseMs, gatewayMs, workloadMs } = scaledLimits(Math.max(scale, 0.5));
  return { installMs, baseMs, gatewayMs, workloadMs, servedMs: scaledLimits(scale * 1.5).servedMs };
}

/** All that judge the standard profile. */
export async function judgingScenarios(): Promise<readonly Registered[]> {
  await loadSpecs([...specFiles().values()]);
  const scenarios = registeredScenarios();
  validateScenarios(scenarios, readClauseIndex());
  // Those of profiles are wrong on the healthy gateway by their nature; dialects prove them.
  return scenarios.filter(({ meta }) => meta.profiles === undefined);
}
