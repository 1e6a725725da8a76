import { isDeepStrictEqual } from 'node:util';
import type { FaultResult, FaultsRun } from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';
import { blamesLayerOf } from './judge.ts';

/**
 * What an earlier run found out about them. What may have been an accident is tried again, and what has been aimed at other clauses
 * or layers since.
 */
export function knownResults(
  faults: readonly FaultSpec[],
  resume: FaultsRun | undefined,
): Map<string, FaultResult> {
  const byName = new Map(faults.map((fault) => [fault.name, fault]));
  const results = (resume?.faults ?? []).filter((result) => {
    const fault = byName.get(result.name);
    return fault !== undefined && isAimedAlike(fault, result) && isSettled(fault, result);
  });
  return new Map(results.map((result) => [result.name, { ...result }]));
}

function isSettled(fault: FaultSpec, { outcome, clauseNamed, catches }: FaultResult): boolean {
  return outcome === 'survived' || (outcome === 'caught' && (clauseNamed || blamesLayerOf(fault, catches)));
}

function isAimedAlike(fault: FaultSpec, { clauses, layers }: FaultResult): boolean {
  return isDeepStrictEqual([fault.clauses, fault.layers], [clauses, layers]);
}
