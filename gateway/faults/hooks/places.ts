import { keyOf } from '../../../common/object-key.ts';
import type { IrBackend, IrHost, IrRoute } from '../../ir/ir.ts';
import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHostLists, placeInRoute } from './ir.ts';
import type { HostPlace, RoutePlace } from './ir.ts';

/** The route takes calls whatever their headers are. */
export const withoutHeaders = (route: IrRoute): IrRoute => ({
  ...route,
  match: { ...route.match, headers: [] },
});

const none = { set: [], add: [], remove: [] };

/** Filters of the rule edit no headers; its mirrors stay. */
export const withoutHeaderEdits = (route: IrRoute): IrRoute => ({
  ...route,
  requestHeaders: none,
  responseHeaders: none,
});

/** The share goes without the filters of its backendRef. */
export const withoutOwnFilters = ({
  requestHeaders: _request,
  responseHeaders: _response,
  ...backend
}: IrBackend): IrBackend => backend;

/** No backendRef of the rule has filters. */
export const withoutBackendFilters = (route: IrRoute): IrRoute =>
  route.action.type === 'forward'
    ? { ...route, action: { ...route.action, backends: route.action.backends.map(withoutOwnFilters) } }
    : route;

/** For routes of which the input says something. */
export function ofNamed(
  isNamed: (route: GrpcRoute) => boolean,
  make: (isMeant: (route: IrRoute) => boolean) => NonNullable<FaultHooks['ir']>,
): FaultHooks {
  const names = new Set<string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes) {
        if (isNamed(route)) names.add(keyOf(route));
        else names.delete(keyOf(route));
      }
      return input;
    },
    ir: make(({ source }) => names.has(source.key)),
  };
}

/** Edits routes of which the input says something. */
export const onRoutesNamed = (
  isNamed: (route: GrpcRoute) => boolean,
  edit: (route: IrRoute, place: RoutePlace) => IrRoute,
): FaultHooks =>
  ofNamed(isNamed, (isMeant) =>
    onGrpcRoutes((route, place) => (isMeant(route) ? edit(route, place) : route)),
  );

/** Whether a route has a ListenerSet among its parents. */
export const ofListenerSet = ({ spec }: GrpcRoute): boolean =>
  (spec.parentRefs ?? []).some(({ kind }) => kind === 'ListenerSet');

/** Whether a route names no hostname. */
export const isHostless = ({ spec }: GrpcRoute): boolean => (spec.hostnames ?? []).length === 0;

/** Whether a route is meant, at a place. */
export type Meant = (route: IrRoute, place: HostPlace) => boolean;

/** Edits each host, told which of its routes are meant; `id` is of the host in its table. */
export function onMeantHosts(
  edit: (host: IrHost, isMeant: (route: IrRoute) => boolean, id: string) => IrHost,
) {
  return (meant: Meant): NonNullable<FaultHooks['ir']> =>
    onHostLists((hosts, place) =>
      hosts.map((host) =>
        edit(
          host,
          (route) => route.source.kind === 'GRPCRoute' && meant(route, place),
          `${place.gateway.key} ${place.table.id} ${host.hostname}`,
        ),
      ),
    );
}

const written = (route: IrRoute): number => placeInRoute(route).rule * 1000 + placeInRoute(route).match;

/** The first rule in the listing that fits takes the call. */
export const inListedOrder = onMeantHosts((host, isMeant) =>
  host.routes.every(isMeant)
    ? { ...host, routes: [...host.routes].sort((left, right) => written(left) - written(right)) }
    : host,
);

/** All backends of a rule get the same share. */
export const withEqualWeights = onMeantHosts((host, isMeant) => ({
  ...host,
  routes: host.routes.map((route) =>
    isMeant(route) && route.action.type === 'forward'
      ? {
          ...route,
          action: {
            ...route.action,
            backends: route.action.backends.map((each) => ({ ...each, weight: 1 })),
          },
        }
      : route,
  ),
}));

/** Edits what is served at every hostname of a route but the first. */
export function onLaterHostnames(edit: (route: IrRoute, place: RoutePlace) => IrRoute): FaultHooks {
  const first = new Map<string, string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes)
        if (route.spec.hostnames?.[0] !== undefined) first.set(keyOf(route), route.spec.hostnames[0]);
      return input;
    },
    ir: onGrpcRoutes((route, place) =>
      (first.get(route.source.key) ?? place.host.hostname) === place.host.hostname
        ? route
        : edit(route, place),
    ),
  };
}

/** Edits what is served at wildcard hostnames. */
export const underWildcards = (edit: (route: IrRoute) => IrRoute): FaultHooks => ({
  ir: onGrpcRoutes((route, { host }) => (isWildcard(host.hostname) ? edit(route) : route)),
});
