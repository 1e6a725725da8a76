import { mergeConditions, positive } from './conditions.ts';
import type { ConditionContext, DesiredCondition } from './conditions.ts';
import type { ParentRef, RouteParentStatus, RouteStatus } from './gateway-api.ts';
import { gatewayGroup } from './kinds.ts';
import { deepEqual } from './memo.ts';
import { summarise } from './problems.ts';
import type { Problem } from './problems.ts';
import type { RouteEntry } from './route-memory.ts';
import { sameVerdicts } from './verdicts.ts';
import type { Verdicts } from './verdicts.ts';

const owned = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

export interface RouteStatusInput {
  entry: RouteEntry;
  verdicts: Verdicts;
  controllerName: string;
  now: string;
}

/** Remembers which routes already carry the status they should have: thousands of them, of which few change at a time. */
export class RouteStatuses {
  /** The verdicts with which an entry was found to carry the right status. */
  readonly #settled = new WeakMap<RouteEntry, Verdicts>();

  /** The status to write, or undefined when the route has it already. */
  update(input: RouteStatusInput): RouteStatus | undefined {
    const { entry, verdicts } = input;
    const settled = this.#settled.get(entry);
    if (settled !== undefined && sameVerdicts(settled, verdicts)) return undefined;
    const status = routeStatus(input);
    if (!deepEqual(status, entry.route.object.status ?? { parents: [] })) return status;
    this.#settled.set(entry, verdicts);
    return undefined;
  }
}

/**
 * The whole status.parents: entries of other controllers as they are and where they are, ours for the parentRefs that the
 * route still has, none for those that it has not.
 */
function routeStatus({ entry, verdicts, controllerName, now }: RouteStatusInput): RouteStatus {
  const { metadata } = entry.route.object;
  const context: ConditionContext = { generation: metadata.generation, now };
  const existing = entry.route.object.status?.parents ?? [];
  const wanted = new Map(
    entry.parents.map((parent, index) => [refKey(parent.parentRef, metadata.namespace), { parent, index }]),
  );
  const own = (key: string, previous: RouteParentStatus | undefined): RouteParentStatus[] => {
    const found = wanted.get(key);
    if (found === undefined) return [];
    wanted.delete(key);
    const conditions = mergeConditions(
      previous?.conditions,
      conditionsOf(entry, verdicts[found.index]),
      owned,
      context,
    );
    return [{ parentRef: found.parent.parentRef, controllerName, conditions }];
  };
  const parents = existing.flatMap((status) =>
    status.controllerName === controllerName
      ? own(refKey(status.parentRef, metadata.namespace), status)
      : status,
  );
  for (const key of [...wanted.keys()]) parents.push(...own(key, undefined));
  return { parents };
}

function refKey(ref: ParentRef, routeNamespace: string | undefined): string {
  const { group = gatewayGroup, kind = 'Gateway', namespace = routeNamespace, name, sectionName, port } = ref;
  return [group, kind, namespace, name, sectionName, port].map((part) => part ?? '').join('|');
}

function conditionsOf({ compiled }: RouteEntry, notAccepted: Problem | undefined): DesiredCondition[] {
  const conditions = [
    positive('Accepted', 'Accepted', 'Route is accepted', notAccepted),
    positive('ResolvedRefs', 'ResolvedRefs', 'All references resolve', summarise(compiled.unresolved)),
  ];
  const partial = summarise(compiled.invalidRules);
  // PartiallyInvalid exists only beside Accepted=True; some rules are invalid then, but not all.
  if (notAccepted === undefined && partial !== undefined) {
    const dropped = compiled.invalidRules.map(({ index }) => index).join(', ');
    const message = `Dropped Rule ${dropped}: ${partial.message}`;
    conditions.push({ type: 'PartiallyInvalid', status: 'True', reason: partial.reason, message });
  }
  return conditions;
}
