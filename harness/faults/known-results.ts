import { isDeepStrictEqual } from 'node:util';
import type { FaultResult, FaultsRun } from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';

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
    return fault !== undefined && isSettled(result) && isAimedAlike(fault, result);
  });
  return new Map(results.map((result) => [result.name, { ...result }]));
}

function isSettled({ outcome, clauseNamed, catches, layers }: FaultResult): boolean {
  if (outcome === 'caught') return clauseNamed || catches.some(({ layer }) => layers.includes(layer));
  return outcome === 'survived';
}

function isAimedAlike(fault: FaultSpec, { clauses, layers }: FaultResult): boolean {
  return isDeepStrictEqual([fault.clauses, fault.layers], [clauses, layers]);
}
