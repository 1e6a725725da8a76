import { compareText } from '../memory/compare-text.ts';
import { mergeConditions, positive } from '../model/conditions.ts';
import type { ConditionContext, DesiredCondition } from '../model/conditions.ts';
import type { ParentRef, RouteParentStatus, RouteStatus } from '../model/gateway-api.ts';
import { gatewayGroup } from '../model/kinds.ts';
import { listDiff } from '../../../common/list-diff.ts';
import { deepEqual } from '../memory/memo.ts';
import { summarise } from '../model/problems.ts';
import type { Problem } from '../model/problems.ts';
import type { RouteEntry } from './route-memory.ts';
import type { StatusUpdate } from '../model/types.ts';
import type { JudgedRoute } from './verdicts.ts';

const owned = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

/** The API server refuses a status with more entries as a whole. */
const mostParents = 32;

interface Context {
  controllerName: string;
  now: string;
}

/** Remembers which routes do not carry yet the status that they should have: few of thousands. */
export class RouteStatuses {
  #routes: readonly JudgedRoute[] = [];
  readonly #waiting = new Set<JudgedRoute>();

  /** By kind, then by key: those that have to be written. */
  updates(routes: readonly JudgedRoute[], context: Context): StatusUpdate[] {
    const { removed, added } = listDiff(this.#routes, routes);
    this.#routes = routes;
    for (const route of removed) this.#waiting.delete(route);
    for (const route of added) this.#waiting.add(route);
    const updates: StatusUpdate[] = [];
    for (const judged of [...this.#waiting].sort(byKindAndKey)) {
      const { route } = judged.entry;
      const { namespace = '', name } = route.object.metadata;
      const status = routeStatus(judged, context);
      if (deepEqual(status, route.object.status ?? { parents: [] })) this.#waiting.delete(judged);
      else updates.push({ kind: route.kind, namespace, name, status });
    }
    return updates;
  }
}

function byKindAndKey({ entry: a }: JudgedRoute, { entry: b }: JudgedRoute): number {
  return compareText(a.route.kind, b.route.kind) || compareText(a.key, b.key);
}

/**
 * The whole status.parents: entries of other controllers as they are and where they are, ours for the parentRefs that the
 * route still has and that fit in, none for those that it has not.
 */
function routeStatus({ entry, verdicts }: JudgedRoute, { controllerName, now }: Context): RouteStatus {
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
  for (const key of [...wanted.keys()])
    if (parents.length < mostParents) parents.push(...own(key, undefined));
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
