import {
  generationOf,
  type KubeObject,
  type ParentReference,
  type Route,
  type RouteParentStatus,
  type StatusCondition,
} from '../kube/objects.ts';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  /** One reason, or several where the spec allows them. */
  reason?: string | string[];
}

/** Whether `conditions` hold what is wanted, at the object's current generation. */
export function holds(
  object: KubeObject,
  conditions: StatusCondition[] | undefined,
  wanted: Condition,
): boolean {
  const found = conditions?.find((condition) => condition.type === wanted.type);
  if (found === undefined || found.observedGeneration !== generationOf(object)) return false;
  return found.status === wanted.status && reasonFits(found.reason, wanted.reason);
}

function reasonFits(found: string | undefined, wanted: string | string[] | undefined): boolean {
  if (wanted === undefined) return true;
  return (Array.isArray(wanted) ? wanted : [wanted]).includes(found ?? '');
}

/** `Accepted=True/Accepted` as a reader writes it. */
export function describeCondition(wanted: Condition): string {
  const reason = wanted.reason === undefined ? '' : `/${[wanted.reason].flat().join(' or ')}`;
  return `${wanted.type}=${wanted.status}${reason}`;
}

/** The conditions seen, with the generation where it is not the object's. */
export function describeSeen(
  object: KubeObject,
  conditions: StatusCondition[] | undefined,
  type?: string,
): string {
  const shown = (conditions ?? []).filter((condition) => type === undefined || condition.type === type);
  if (shown.length === 0) return type === undefined ? 'no conditions' : `no condition ${type}`;
  return shown.map((condition) => describeOne(object, condition)).join(', ');
}

function describeOne(object: KubeObject, condition: StatusCondition): string {
  const generation = generationOf(object);
  const observed = condition.observedGeneration;
  const stale =
    observed === generation
      ? ''
      : ` observedGeneration=${String(observed ?? 'none')} (generation is ${String(generation)})`;
  const message =
    condition.message === undefined || condition.message === '' ? '' : ` "${condition.message}"`;
  return `${condition.type}=${condition.status}/${condition.reason ?? ''}${stale}${message}`;
}

/** The parent statuses written by `controllerName`, of one parentRef or all. */
export function parentsBy(route: Route, controllerName: string, ref?: ParentReference): RouteParentStatus[] {
  const own = route.metadata?.namespace ?? '';
  return (route.status?.parents ?? []).filter(
    (parent) =>
      parent.controllerName === controllerName &&
      (ref === undefined || sameParent(parent.parentRef, ref, own)),
  );
}

/** Whether two parentRefs of a route in namespace `own` name the same thing; fields that `wanted` leaves out are not compared. */
export function sameParent(found: ParentReference, wanted: ParentReference, own: string): boolean {
  return (
    found.name === wanted.name &&
    (found.namespace ?? own) === (wanted.namespace ?? own) &&
    (found.kind ?? 'Gateway') === (wanted.kind ?? 'Gateway') &&
    (wanted.sectionName === undefined || found.sectionName === wanted.sectionName) &&
    (wanted.port === undefined || found.port === wanted.port)
  );
}

export function describeParent(ref: ParentReference): string {
  const section = ref.sectionName === undefined ? '' : `#${ref.sectionName}`;
  const port = ref.port === undefined ? '' : `:${String(ref.port)}`;
  return `${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}${section}${port}`;
}
