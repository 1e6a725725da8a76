import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { GrpcRoute, HttpRoute, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { Objects, StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { gatewayOf } from '../hooks/objects.ts';
import { onConditions, onRouteStatuses, unwrittenRoutes } from '../hooks/statuses.ts';

function refOf({ parentRef }: RouteParentStatus): string {
  const { group = '', kind = '', namespace = '', name, sectionName = '', port = '' } = parentRef;
  return [group, kind, namespace, name, sectionName, port].join('|');
}

/** Entries of ours that no parentRef asks for any more stay, where `isMeant` says so of the parent's kind and key. */
function keepingStale(
  isMeant: (kind: string | undefined, key: string, objects: Objects) => boolean,
): FaultHooks {
  return {
    statuses: onRouteStatuses((status, route, _update, { controllerName, objects }) => {
      const wanted = new Set(status.parents.map(refOf));
      const stale = (route.status?.parents ?? []).filter((parent) => {
        const { kind, namespace = route.metadata.namespace, name } = parent.parentRef;
        const isLeft = parent.controllerName === controllerName && !wanted.has(refOf(parent));
        return isLeft && isMeant(kind, objectKey(namespace, name), objects);
      });
      return { parents: [...status.parents, ...stale] };
    }),
  };
}

const own = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

/** Entries and conditions that are not ours to keep, or not ours to drop. */
export const keptEntries: readonly Fault[] = [
  {
    name: 'stale-parents-kept',
    title: 'An entry stays after its parentRef was removed.',
    clauses: ['status-removed-parentref-cleaned', 'status-last-parentref-cleaned'],
    layers: ['status'],
    reference: 'kgateway-dev/kgateway#14293',
    hooks: () => keepingStale(() => true),
  },
  {
    name: 'last-stale-parent-kept',
    title: 'The entry for the last parentRef of ours stays after it was removed.',
    clauses: ['status-last-parentref-cleaned'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#9023',
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        if (status.parents.some((parent) => parent.controllerName === controllerName)) return status;
        const stale = (route.status?.parents ?? []).filter(
          (parent) => parent.controllerName === controllerName,
        );
        return { parents: [...status.parents, ...stale] };
      }),
    }),
  },
  {
    name: 'deleted-gateway-entry-kept',
    title: 'An entry stays after its Gateway was deleted.',
    clauses: ['status-gateway-deleted-cleaned'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#774',
    hooks: () =>
      keepingStale((_kind, key, { gateways }) => !gateways.some((gateway) => keyOf(gateway) === key)),
  },
  {
    name: 'foreign-parents-dropped',
    title: 'Entries of other controllers are dropped.',
    clauses: ['status-foreign-entries-untouched'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const isOwn = ({ controllerName }: RouteParentStatus): boolean =>
          controllerName === input.controllerName;
        const more = unwrittenRoutes(statuses, input)
          .filter(({ status: { parents } }) => parents.some(isOwn) && !parents.every(isOwn))
          .map((update) => ({ ...update, status: { parents: update.status.parents.filter(isOwn) } }));
        const all = onRouteStatuses((status) =>
          status.parents.some(isOwn) ? { parents: status.parents.filter(isOwn) } : status,
        )(statuses, input);
        return [...all, ...more];
      },
    }),
  },
  {
    name: 'foreign-conditions-dropped',
    title: 'Conditions that somebody else put on a route or a Gateway are dropped.',
    clauses: ['status-foreign-conditions-kept', 'gateway-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const clean = onConditions((condition, { level }) =>
          level === 'listener' || [...own, 'Programmed'].includes(condition.type) ? condition : undefined,
        );
        return clean([...statuses, ...unwrittenRoutes(statuses, input)], input);
      },
    }),
  },
];

/** Entries of ours for those parents of a route that are Gateways of another class. */
function foreignEntries(route: GrpcRoute | HttpRoute, input: TranslateInput): RouteParentStatus[] {
  const foreign = new Set(
    input.objects.gatewayClasses
      .filter(({ spec }) => !spec.controllerName.startsWith('routeproof.dev/'))
      .map(({ metadata }) => metadata.name),
  );
  const { generation } = route.metadata;
  const refs = (route.spec.parentRefs ?? []).filter((ref) =>
    foreign.has(gatewayOf(ref, route, input.objects)?.spec.gatewayClassName ?? ''),
  );
  return refs.map((parentRef) => ({
    parentRef,
    controllerName: input.controllerName,
    conditions: [
      {
        type: 'Accepted',
        status: 'False' as const,
        reason: 'NoMatchingParent',
        message: 'the Gateway is of another class',
        ...(generation !== undefined && { observedGeneration: generation }),
        lastTransitionTime: input.now,
      },
    ],
  }));
}

/** Entries that come and go, and such as nobody asked for. */
export const wrongEntries: readonly Fault[] = [
  {
    name: 'second-parent-flaps',
    title: 'Of two parents of a route one is missing from its status.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-gateways-independent'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#4264',
    hooks: () => ({
      statuses: onRouteStatuses((status, _route, _update, { controllerName }) => {
        const mine = status.parents.filter((parent) => parent.controllerName === controllerName);
        const kept = mine.slice(0, 1);
        return {
          parents: status.parents.filter(
            (parent) => parent.controllerName !== controllerName || kept.includes(parent),
          ),
        };
      }),
    }),
  },
  {
    name: 'route-of-foreign-gateway-answered',
    title: 'Routes of Gateways of another class get an entry of ours.',
    clauses: ['parentref-foreign-class-no-entry'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const added = input.objects.grpcRoutes.flatMap((route): StatusUpdate[] => {
          const { namespace = '', name } = route.metadata;
          if ((route.status?.parents ?? []).length > 0) return [];
          const parents = foreignEntries(route, input);
          return parents.length === 0 ? [] : [{ kind: 'GRPCRoute', namespace, name, status: { parents } }];
        });
        return [...statuses, ...added];
      },
    }),
  },
  {
    name: 'foreign-gateway-beside-own-answered',
    title: 'A route of a Gateway of ours gets an entry for one of another class too.',
    clauses: ['parentref-foreign-class-no-entry'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, input) => {
        const isOwn = parents.some(({ controllerName }) => controllerName === input.controllerName);
        return { parents: isOwn ? [...parents, ...foreignEntries(route, input)] : parents };
      }),
    }),
  },
];

const gatewayIn = ({ parentRef }: RouteParentStatus, { metadata }: GrpcRoute | HttpRoute): string => {
  const { namespace = metadata.namespace, kind = 'Gateway', name, sectionName, port } = parentRef;
  return JSON.stringify([kind, namespace, name, sectionName, port]);
};

/** Parents that another controller has an entry for. */
export const entriesBesideOthers: readonly Fault[] = [
  {
    name: 'no-entry-beside-foreign-one',
    title: 'A parent gets no entry of ours where another controller has one for it already.',
    clauses: ['status-entry-per-parentref'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, { controllerName }) => {
        const isOwn = (parent: RouteParentStatus): boolean => parent.controllerName === controllerName;
        const stored = route.status?.parents ?? [];
        const had = new Set(stored.filter(isOwn).map((parent) => gatewayIn(parent, route)));
        const taken = new Set(
          stored.filter((parent) => !isOwn(parent)).map((parent) => gatewayIn(parent, route)),
        );
        return {
          parents: parents.filter((parent) => {
            const gateway = gatewayIn(parent, route);
            return !isOwn(parent) || had.has(gateway) || !taken.has(gateway);
          }),
        };
      }),
    }),
  },
];

/** Entries that nobody takes away. */
export const forgottenEntries: readonly Fault[] = [
  {
    name: 'listener-set-entry-kept-when-gateway-moves',
    title: 'An entry for a ListenerSet stays when its Gateway moves to the class of another controller.',
    clauses: ['status-gateway-deleted-cleaned'],
    layers: ['status'],
    hooks: () =>
      keepingStale(
        (kind, key, { listenerSets }) =>
          kind === 'ListenerSet' && listenerSets.some((set) => keyOf(set) === key),
      ),
  },
  {
    name: 'entries-of-earlier-process-kept',
    title: 'An entry for a parentRef that is gone stays if the process that runs now has not written it.',
    clauses: ['status-removed-parentref-cleaned', 'status-gateway-deleted-cleaned'],
    layers: ['status'],
    hooks: () => {
      const written = new Set<string>();
      return {
        statuses: onRouteStatuses(({ parents }, route, _update, { controllerName }) => {
          const isOwn = (parent: RouteParentStatus): boolean => parent.controllerName === controllerName;
          const idOf = (parent: RouteParentStatus): string => `${keyOf(route)} ${refOf(parent)}`;
          for (const parent of parents.filter(isOwn)) written.add(idOf(parent));
          const unknown = (route.status?.parents ?? []).filter(
            (parent) => isOwn(parent) && !written.has(idOf(parent)),
          );
          return { parents: [...parents, ...unknown] };
        }),
      };
    },
  },
];
