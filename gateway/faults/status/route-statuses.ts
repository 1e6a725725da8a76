import type {
  GrpcRoute,
  HttpRoute,
  ParentRef,
  RouteParentStatus,
} from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { gatewayOf, onRules } from '../hooks/objects.ts';
import { onConditions, onParents, onRouteStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status'];

/** Entries that a route has too many of. */
export const doubledEntries: readonly Fault[] = [
  {
    name: 'entry-doubled-by-edit',
    title: 'A route that is edited has a second entry for each of its parentRefs.',
    clauses: ['status-no-duplicate-entries'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        const seen = new Set<string>();
        const parents = status.parents.flatMap((parent): RouteParentStatus[] => {
          const text = JSON.stringify([parent.controllerName, parent.parentRef]);
          if (seen.has(text)) return [];
          seen.add(text);
          const isEdited = (route.metadata.generation ?? 0) > 1;
          return isEdited && parent.controllerName === controllerName ? [parent, parent] : [parent];
        });
        return { parents };
      }),
    }),
  },
];

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Rules beside one of which the status says that it cannot be used. */
export const rulesBesideInvalid: readonly Fault[] = [
  {
    name: 'rules-after-invalid-one-lost',
    title: 'Rules that come after one that cannot be used are not served either.',
    clauses: [
      'status-accepted-when-one-rule-works',
      'status-partiallyinvalid-dropped-rule',
      'method-regex-invalid-pattern',
    ],
    layers: ['routed', ...layers],
    hooks: () => ({
      input: onRules((rule, index, route) => {
        const before = (route.spec.rules ?? []).slice(0, index);
        const isBad = before.some(({ matches = [] }) =>
          matches.some(({ method, headers = [] }) =>
            [method?.service, method?.method, ...headers.map(({ value }) => value)].some(
              (text) => text !== undefined && !compiles(text),
            ),
          ),
        );
        return isBad ? { ...rule, matches: [{ headers: [{ name: 'x-none', value: 'never' }] }] } : rule;
      }),
    }),
  },
];

/** A sentence for each backend of the route, as long as all of them together are. */
function everyBackend(route: GrpcRoute | HttpRoute): string {
  const refs = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
  return refs.map(({ name }) => `Service ${name} is not there`).join('; ');
}

/** Statuses that would be longer than they may be. */
export const longStatuses: readonly Fault[] = [
  {
    name: 'message-of-any-length',
    title:
      'A condition tells of every backend that is missing, and is not written where that is more than it may hold.',
    clauses: ['status-resolvedrefs-present', 'backend-not-found-status', 'status-accepted-present'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#7146',
    hooks: () => ({
      statuses: onConditions((condition, place) =>
        place.level === 'parent' && condition.reason === 'BackendNotFound'
          ? { ...condition, message: `${condition.message}: ${everyBackend(place.object)}` }
          : condition,
      ),
    }),
  },
];

/** Statuses that are right where a route has one parent, or a healthy one. */
export const statusesInCompany: readonly Fault[] = [
  {
    name: 'entries-of-one-class-only',
    title: 'A route with Gateways of two classes of ours has entries for those of the last class only.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-gateways-independent'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#4587',
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, { objects, controllerName }) => {
        const classOf = ({ parentRef, controllerName: writer }: RouteParentStatus): string | undefined =>
          writer === controllerName ? gatewayOf(parentRef, route, objects)?.spec.gatewayClassName : undefined;
        const last = parents
          .flatMap((parent) => classOf(parent) ?? [])
          .toSorted()
          .at(-1);
        return { parents: parents.filter((parent) => [last, undefined].includes(classOf(parent))) };
      }),
    }),
  },
  {
    name: 'route-of-unhealthy-listener-refused',
    title: 'A route of a listener whose references do not resolve is not Accepted.',
    clauses: ['listener-attachedroutes-unhealthy-listener', 'listener-attachedroutes-accepted-only'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const { status } = gatewayOf(parent.parentRef, route, objects) ?? {};
        const listener = status?.listeners?.find(({ name }) => name === parent.parentRef.sectionName);
        const isUnresolved = (listener?.conditions ?? []).some(
          ({ type, status }) => type === 'ResolvedRefs' && status === 'False',
        );
        if (!isUnresolved || parent.conditions === undefined) return parent;
        const conditions = parent.conditions.map((condition) =>
          condition.type === 'Accepted'
            ? {
                ...condition,
                status: 'False' as const,
                reason: 'NoReadyListeners',
                message: 'not programmed',
              }
            : condition,
        );
        return { ...parent, conditions };
      }),
    }),
  },
];

const refOf = ({ namespace = '', name, sectionName = '', port }: ParentRef): string =>
  [namespace, name, sectionName, port ?? ''].join(' ');

/** Verdicts that stay at their place when what they are about has moved. */
export const verdictPlaces: readonly Fault[] = [
  {
    name: 'verdicts-stay-at-their-place',
    title:
      'Where the parentRefs of a route change places, each gets the verdict on the one that is at its old place.',
    clauses: [
      'status-entry-per-parentref',
      'parentref-multiple-sections-same-gateway',
      'status-nomatchingparent',
    ],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, { controllerName }) => {
        const own = parents.filter((entry) => entry.controllerName === controllerName);
        const byRef = new Map(own.map(({ parentRef, conditions }) => [refOf(parentRef), conditions]));
        return {
          parents: parents.map((entry) => {
            const ref = route.spec.parentRefs?.[own.indexOf(entry)];
            const conditions = ref === undefined ? undefined : byRef.get(refOf(ref));
            return conditions === undefined ? entry : { ...entry, conditions };
          }),
        };
      }),
    }),
  },
];
