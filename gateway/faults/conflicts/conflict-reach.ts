import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, GrpcRoute, HttpRoute, Listener } from '../../translate/model/gateway-api.ts';
import { covers, isWildcard } from '../../translate/model/hostname.ts';
import type { Objects, TranslateInput } from '../../translate/model/types.ts';
import { created } from './conflicts.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { well } from '../hooks/listener-sets.ts';
import { mapSame } from '../hooks/memo.ts';
import { gatewayOf, onGrpcRoutesWith } from '../hooks/objects.ts';
import { onConditions, onParents, onRouteStatuses, statusHook } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

type AnyRoute = GrpcRoute | HttpRoute;
type InputHook = (input: TranslateInput) => TranslateInput;

const overlap = (left: string, right: string): boolean => covers(left, right) || covers(right, left);

const hostnamesOf = ({ spec }: AnyRoute): readonly string[] => spec.hostnames ?? [];

/** GRPCRoutes where it is an HTTPRoute, and the other way round. */
function ofOtherKind(route: AnyRoute, { grpcRoutes, httpRoutes }: Objects): readonly AnyRoute[] {
  return grpcRoutes.some((each) => each === route) ? httpRoutes : grpcRoutes;
}

/** Hostnames of routes of the other kind that are no younger. */
function takenFrom(route: AnyRoute, others: readonly AnyRoute[]): string[] {
  return others.filter((other) => created(other) <= created(route)).flatMap(hostnamesOf);
}

/** Edits the hostnames of each route, beside those of the other kind that are no younger. */
function onHostnames(
  edit: (hostnames: readonly string[], taken: readonly string[]) => readonly string[],
): InputHook {
  const edited = <T extends AnyRoute>(routes: readonly T[], others: readonly AnyRoute[]): readonly T[] =>
    mapSame(routes, (route) => {
      const hostnames = edit(hostnamesOf(route), takenFrom(route, others));
      return hostnames === hostnamesOf(route) || route.spec.hostnames === undefined
        ? route
        : { ...route, spec: { ...route.spec, hostnames: [...hostnames] } };
    });
  return (input) => {
    const { grpcRoutes, httpRoutes } = input.objects;
    const objects: Objects = {
      ...input.objects,
      grpcRoutes: edited(grpcRoutes, httpRoutes),
      httpRoutes: edited(httpRoutes, grpcRoutes),
    };
    return { ...input, objects };
  };
}

const gatewaysOf = (route: AnyRoute, objects: Objects): (Gateway | undefined)[] =>
  (route.spec.parentRefs ?? []).map((ref) => gatewayOf(ref, route, objects));

const isBefore = (one: AnyRoute, other: AnyRoute): boolean =>
  created(one) < created(other) || (created(one) === created(other) && keyOf(one) < keyOf(other));

const overlaps = (one: AnyRoute, other: AnyRoute): boolean =>
  hostnamesOf(one).some((name) => hostnamesOf(other).some((each) => overlap(name, each)));

/** Stands for each route that lost: it has what a later one of the other kind shares with it, and comes before that. */
function inTheWay<T extends AnyRoute>(routes: readonly T[], others: readonly AnyRoute[]): T[] {
  return routes.flatMap((loser) => {
    const rivals = others.filter((other) => overlaps(loser, other));
    if (!rivals.some((rival) => isBefore(rival, loser))) return [];
    return rivals
      .filter((rival) => isBefore(loser, rival))
      .map((rival) => ({
        ...loser,
        metadata: { ...loser.metadata, name: `0-${loser.metadata.name}-${rival.metadata.name}` },
        spec: { ...loser.spec, hostnames: [...hostnamesOf(rival)] },
      }));
  });
}

/** Leaves out routes that won against one that is gone by now, until they are edited. */
function takenAlong(): InputHook {
  let before: Pick<Objects, 'grpcRoutes' | 'httpRoutes'> = { grpcRoutes: [], httpRoutes: [] };
  const taken = new Set<string>();
  const idOf = (route: AnyRoute): string => `${keyOf(route)} ${String(route.metadata.generation)}`;
  const strike = (earlier: readonly AnyRoute[], now: readonly AnyRoute[], others: readonly AnyRoute[]) => {
    const there = new Set(now.map(keyOf));
    for (const loser of earlier.filter((route) => !there.has(keyOf(route))))
      for (const winner of others)
        if (isBefore(winner, loser) && overlaps(winner, loser)) taken.add(idOf(winner));
  };
  return (input) => {
    const { grpcRoutes, httpRoutes } = input.objects;
    strike(before.httpRoutes, httpRoutes, grpcRoutes);
    strike(before.grpcRoutes, grpcRoutes, httpRoutes);
    before = { grpcRoutes, httpRoutes };
    const left = <T extends AnyRoute>(routes: readonly T[]): readonly T[] =>
      mapSame(routes, (route) => (taken.has(idOf(route)) ? undefined : route));
    const objects: Objects = { ...input.objects, grpcRoutes: left(grpcRoutes), httpRoutes: left(httpRoutes) };
    return { ...input, objects };
  };
}

/** How far conflicts of routes of two kinds reach. */
export const conflictReach: readonly Fault[] = [
  {
    name: 'conflict-needs-every-hostname',
    title: 'A route of which one of several hostnames is taken by the other kind is Accepted for the others.',
    clauses: ['hostname-conflict-wildcard-overlap', 'hostname-conflict-exactly-one'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onHostnames((hostnames, taken) => {
        const free = hostnames.filter((hostname) => !taken.some((name) => overlap(name, hostname)));
        return free.length === 0 || free.length === hostnames.length ? hostnames : free;
      }),
    }),
  },
  {
    name: 'loser-holds-its-other-hostnames',
    title: 'A route that lost a hostname to the other kind keeps its others from later routes of that kind.',
    clauses: ['hostname-conflict-exactly-one', 'hostname-conflict-wildcard-overlap'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const { grpcRoutes, httpRoutes } = input.objects;
        const objects: Objects = {
          ...input.objects,
          grpcRoutes: [...grpcRoutes, ...inTheWay(grpcRoutes, httpRoutes)],
          httpRoutes: [...httpRoutes, ...inTheWay(httpRoutes, grpcRoutes)],
        };
        return { ...input, objects };
      },
      // Those in the way have no status of their own.
      statuses: statusHook((update) => update),
    }),
  },
  {
    name: 'deleted-loser-takes-winner',
    title:
      'When a route that lost its hostname to the other kind is deleted, the winner is not served any more.',
    clauses: ['hostname-conflict-exactly-one', 'hostname-conflict-wildcard-overlap'],
    layers: ['routed', 'backend'],
    hooks: () => unseen(takenAlong()),
  },
  {
    name: 'wider-conflict-unnoticed',
    title: 'A route with a wildcard over hostnames of the other kind is Accepted.',
    clauses: ['hostname-conflict-wildcard-overlap'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, place) =>
        place.level === 'parent' &&
        condition.reason === 'HostnameConflict' &&
        hostnamesOf(place.object).some(isWildcard)
          ? { ...condition, status: 'True', reason: 'Accepted', message: 'Route is accepted' }
          : condition,
      ),
    }),
  },
  {
    name: 'conflict-with-hostless-route-unnoticed',
    title:
      'A route with a hostname is Accepted beside one of the other kind that names none, and so has it too.',
    clauses: ['hostname-conflict-wildcard-overlap', 'hostname-conflict-exactly-one'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const others = ofOtherKind(route, objects);
        if (hostnamesOf(route).length === 0 || others.some((other) => overlaps(route, other))) return parent;
        const conditions = (parent.conditions ?? []).map((each) =>
          each.reason === 'HostnameConflict' ? well(each) : each,
        );
        return { ...parent, conditions };
      }),
    }),
  },
  {
    name: 'conflict-on-one-listener-is-for-all',
    title: 'A route whose hostname the other kind has on one of its two listeners says of both that it lost.',
    clauses: ['hostname-conflict-per-listener'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses((status, _route, _update, { controllerName }) => {
        const lost = status.parents
          .flatMap(({ conditions = [] }) => conditions)
          .find(({ reason }) => reason === 'HostnameConflict');
        if (lost === undefined) return status;
        return {
          parents: status.parents.map((parent) =>
            parent.controllerName === controllerName
              ? {
                  ...parent,
                  conditions: (parent.conditions ?? []).map((each) =>
                    each.type === lost.type ? lost : each,
                  ),
                }
              : parent,
          ),
        };
      }),
    }),
  },
  {
    name: 'conflict-on-one-listener-refuses-route',
    title:
      'A route that names no listener is refused when the other kind has its hostname on one of two listeners.',
    clauses: ['hostname-conflict-on-some-listeners'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const rivals = ofOtherKind(route, objects);
        const isLost =
          parent.parentRef.sectionName === undefined &&
          rivals.some(
            (rival) =>
              isBefore(rival, route) &&
              overlaps(rival, route) &&
              (rival.spec.parentRefs ?? []).every(
                ({ name, sectionName }) => name === parent.parentRef.name && sectionName !== undefined,
              ),
          );
        const conditions = (parent.conditions ?? []).map((each) =>
          isLost && each.type === 'Accepted' && each.status === 'True'
            ? ({ ...each, status: 'False', reason: 'HostnameConflict', message: 'it is taken' } as const)
            : each,
        );
        return { ...parent, ...(isLost && { conditions }) };
      }),
    }),
  },
  {
    name: 'refused-http-route-holds-hostname',
    title:
      'An HTTPRoute that its listener does not allow takes its hostnames from GRPCRoutes of the Gateway.',
    clauses: ['hostname-conflict-per-listener', 'parentref-no-listener-accepts-detached'],
    layers: ['status', 'routed'],
    hooks: () => heldBy(isRefused),
  },
];

/** GRPCRoutes lose their hostnames to HTTPRoutes of their Gateways that come first and are such. */
function heldBy(isHolder: (route: HttpRoute, objects: Objects) => boolean): FaultHooks {
  return {
    input: onGrpcRoutesWith((route, { objects }) => {
      const parents = gatewaysOf(route, objects);
      const isTaken = objects.httpRoutes.some(
        (other) =>
          !isBefore(route, other) &&
          hostnamesOf(other).some((hostname) => hostnamesOf(route).includes(hostname)) &&
          gatewaysOf(other, objects).some((gateway) => gateway !== undefined && parents.includes(gateway)) &&
          isHolder(other, objects),
      );
      return isTaken ? { ...route, spec: { ...route.spec, hostnames: ['none.invalid'] } } : route;
    }),
  };
}

const listenersNamed = (route: HttpRoute, objects: Objects): (Listener & { of: Gateway })[] =>
  (route.spec.parentRefs ?? []).flatMap((ref) => {
    const gateway = gatewayOf(ref, route, objects);
    const listeners = gateway?.spec.listeners ?? [];
    return listeners
      .filter(({ name }) => ref.sectionName === undefined || ref.sectionName === name)
      .flatMap((listener) => (gateway === undefined ? [] : { ...listener, of: gateway }));
  });

/** Whether every listener that it names has kinds of its own, without HTTPRoute. */
function isRefused(route: HttpRoute, objects: Objects): boolean {
  const named = listenersNamed(route, objects);
  return (
    named.length > 0 &&
    named.every(
      ({ allowedRoutes }) => allowedRoutes?.kinds?.every(({ kind }) => kind !== 'HTTPRoute') === true,
    )
  );
}

/** Whether every listener that it names takes routes of the Gateway's namespace only, which is not its own. */
function isStranger(route: HttpRoute, objects: Objects): boolean {
  const named = listenersNamed(route, objects);
  return (
    named.length > 0 &&
    named.every(
      ({ allowedRoutes, of }) =>
        (allowedRoutes?.namespaces?.from ?? 'Same') === 'Same' &&
        of.metadata.namespace !== route.metadata.namespace,
    )
  );
}

/** Routes that no listener takes, and their hostnames. */
export const conflictsOfRefused: readonly Fault[] = [
  {
    name: 'http-route-of-strange-namespace-holds-hostname',
    title:
      'An HTTPRoute of a namespace that its listener does not admit takes its hostnames from GRPCRoutes of the Gateway.',
    clauses: ['hostname-conflict-per-listener', 'parentref-no-listener-accepts-detached'],
    layers: ['status', 'routed'],
    hooks: () => heldBy(isStranger),
  },
];
