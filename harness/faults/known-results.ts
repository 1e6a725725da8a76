import { isDeepStrictEqual } from 'node:util';
import type { FaultResult, FaultsResults } from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';
import { blamesLayerOf } from './judge.ts';

/**
 * What an earlier run found out about them. What may have been an accident is tried again, and what has been aimed at other clauses
 * or layers since.
 */
export function knownResults(
  faults: readonly FaultSpec[],
  resume: FaultsResults | undefined,
): Map<string, FaultResult> {
  if (resume === undefined) return new Map();
  const { startedAt: testedAt } = resume;
  const byName = new Map(faults.map((fault) => [fault.name, fault]));
  const results = resume.faults.filter((result) => {
    const fault = byName.get(result.name);
    return fault !== undefined && isAimedAlike(fault, result) && isSettled(fault, result);
  });
  return new Map(results.map((result) => [result.name, { testedAt, ...result }]));
}

function isSettled(fault: FaultSpec, { outcome, clauseNamed, catches }: FaultResult): boolean {
  return outcome === 'survived' || (outcome === 'caught' && (clauseNamed || blamesLayerOf(fault, catches)));
}

/** Whether the result is of a fault that was aimed at the same clauses and layers as that of its name is now. */
export function isAimedAlike(
  fault: FaultSpec,
  { clauses, layers }: Pick<FaultResult, 'clauses' | 'layers'>,
): boolean {
  return isDeepStrictEqual([fault.clauses, fault.layers], [clauses, layers]);
}
