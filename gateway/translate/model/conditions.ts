import type { Condition } from './gateway-api.ts';
import { timeOf } from '../memory/memo.ts';
import { shorten } from './problems.ts';
import type { Problem } from './problems.ts';

export interface DesiredCondition extends Problem {
  type: string;
  status: Condition['status'];
}

export interface ConditionContext {
  /** metadata.generation of the object the conditions are about. */
  generation: number | undefined;
  /** RFC 3339. */
  now: string;
}

/** A positive-polarity condition: True with the reason given, or False with the problem. */
export function positive(type: string, reason: string, message: string, problem?: Problem): DesiredCondition {
  return problem === undefined
    ? { type, status: 'True', reason, message }
    : { type, status: 'False', ...problem };
}

/**
 * The conditions to write: `desired` in place of what `existing` holds of the `owned` types, other types as they are.
 * A condition that was written for a newer generation than ours is left alone (our object is stale), and
 * lastTransitionTime moves only with the status, or when it is still the API server's placeholder (the epoch).
 */
export function mergeConditions(
  existing: readonly Condition[] | undefined,
  desired: readonly DesiredCondition[],
  owned: readonly string[],
  context: ConditionContext,
): Condition[] {
  const wanted = new Map(desired.map((condition) => [condition.type, condition]));
  const merged: Condition[] = [];
  const seen = new Set<string>();
  for (const condition of existing ?? []) {
    if (seen.has(condition.type)) continue;
    seen.add(condition.type);
    const next = wanted.get(condition.type);
    if (isNewer(condition, context)) merged.push(condition);
    else if (next !== undefined) merged.push(updated(next, condition, context));
    else if (!owned.includes(condition.type)) merged.push(condition);
  }
  for (const condition of desired) {
    if (!seen.has(condition.type)) merged.push(updated(condition, undefined, context));
  }
  return merged;
}

function isNewer(condition: Condition, { generation }: ConditionContext): boolean {
  return generation !== undefined && (condition.observedGeneration ?? 0) > generation;
}

function updated(
  desired: DesiredCondition,
  existing: Condition | undefined,
  { generation, now }: ConditionContext,
): Condition {
  const keepTime = existing?.status === desired.status && timeOf(existing.lastTransitionTime) > 0;
  return {
    type: desired.type,
    status: desired.status,
    reason: desired.reason,
    message: shorten(desired.message),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: keepTime ? existing.lastTransitionTime : now,
  };
}
