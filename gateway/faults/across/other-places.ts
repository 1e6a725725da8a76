import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { GrpcRoute } from '../../translate/gateway-api.ts';
import { isWildcard } from '../../translate/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHostLists } from '../hooks/ir.ts';
import type { HostPlace, RoutePlace } from '../hooks/ir.ts';
import { onListenerStatuses, onParents } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['routed', 'backend'];
const none = { set: [], add: [], remove: [] };

const isHttps = ({ port }: HostPlace): boolean => port.protocol === 'HTTPS';
const isWildcardHost = ({ hostname }: IrHost): boolean => isWildcard(hostname);

export const withoutHeaders = (route: IrRoute): IrRoute => ({
  ...route,
  match: { ...route.match, headers: [] },
});
const withoutFilters = (route: IrRoute): IrRoute => ({
  ...route,
  requestHeaders: none,
  responseHeaders: none,
});

/** What a host has at first is served as long as some of it is there, whatever generation it is of. */
function firstGeneration(isMeant: (host: IrHost, place: HostPlace) => boolean): FaultHooks {
  const first = new Map<string, IrRoute>();
  return {
    ir: onHostLists((hosts, place) =>
      hosts.map((host) => {
        if (!isMeant(host, place)) return host;
        const routes = host.routes.map((route) => {
          const id = `${place.gateway.key} ${place.table.id} ${host.hostname} ${route.name}`;
          if (route.source.kind !== 'GRPCRoute') return route;
          const kept = first.get(id) ?? route;
          first.set(id, kept);
          return kept;
        });
        return { ...host, routes };
      }),
    ),
  };
}

/** Hosts of deleted routes go on being served as they were last. */
function goneKept(isMeant: (host: IrHost, place: HostPlace) => boolean): FaultHooks {
  const known = new Map<string, Map<string, IrHost>>();
  return {
    ir: onHostLists((hosts, place) => {
      const id = `${place.gateway.key} ${place.table.id}`;
      const kept = known.get(id) ?? new Map<string, IrHost>();
      known.set(id, kept);
      const now = hosts.map((host) => {
        if (!isMeant(host, place)) return host;
        const before = kept.get(host.hostname);
        const served = host.routes.length === 0 && before !== undefined ? before : host;
        kept.set(host.hostname, served);
        return served;
      });
      const there = new Set(hosts.map(({ hostname }) => hostname));
      const gone = [...kept.values()].filter(({ hostname }) => !there.has(hostname));
      return gone.length === 0 ? now : [...now, ...gone];
    }),
  };
}

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
const onRoutesNamed = (
  isNamed: (route: GrpcRoute) => boolean,
  edit: (route: IrRoute, place: RoutePlace) => IrRoute,
): FaultHooks =>
  ofNamed(isNamed, (isMeant) =>
    onGrpcRoutes((route, place) => (isMeant(route) ? edit(route, place) : route)),
  );

export const ofListenerSet = ({ spec }: GrpcRoute): boolean =>
  (spec.parentRefs ?? []).some(({ kind }) => kind === 'ListenerSet');
export const isHostless = ({ spec }: GrpcRoute): boolean => (spec.hostnames ?? []).length === 0;

/** Edits and deletions that are not followed over TLS, or under a wildcard. */
export const changesInPart: readonly Fault[] = [
  {
    name: 'edits-unnoticed-on-https',
    title: 'On HTTPS listeners a route goes on being served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => firstGeneration((_host, place) => isHttps(place)),
  },
  {
    name: 'edits-unnoticed-under-wildcards',
    title: 'Under a wildcard hostname a route goes on being served as it was first written.',
    clauses: ['grpcroute-update-takes-effect', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => firstGeneration(isWildcardHost),
  },
  {
    name: 'deleted-route-served-on-https',
    title: 'On HTTPS listeners the last route of a hostname goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers,
    hooks: () => goneKept((_host, place) => isHttps(place)),
  },
  {
    name: 'deleted-route-served-under-wildcards',
    title: 'The last route of a wildcard hostname goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => goneKept(isWildcardHost),
  },
];

/** Routes of ListenerSets, which do not get all that others do. */
export const listenerSetRoutes: readonly Fault[] = [
  {
    name: 'headers-ignored-on-listener-sets',
    title: 'Header matches of routes of ListenerSets are not looked at.',
    clauses: ['listenerset-serves-traffic'],
    layers,
    hooks: () => onRoutesNamed(ofListenerSet, withoutHeaders),
  },
  {
    name: 'filters-ignored-on-listener-sets',
    title: 'Filters of routes of ListenerSets do nothing.',
    clauses: ['listenerset-serves-traffic'],
    layers,
    hooks: () => onRoutesNamed(ofListenerSet, withoutFilters),
  },
  {
    name: 'listener-set-entry-generation-stale',
    title: 'The entry of a route for a ListenerSet keeps the generation that it was first written for.',
    clauses: ['listenerset-route-parentref', 'status-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent) =>
        parent.parentRef.kind === 'ListenerSet' && parent.conditions !== undefined
          ? { ...parent, conditions: parent.conditions.map((each) => ({ ...each, observedGeneration: 1 })) }
          : parent,
      ),
    }),
  },
];

/** Routes without hostnames, and listeners with TLS. */
export const hostlessRoutes: readonly Fault[] = [
  {
    name: 'headers-ignored-on-hostless-routes',
    title: 'Header matches of a route without hostnames are not looked at.',
    clauses: ['hostname-both-unset-any-authority', 'hostname-route-unset-inherits-listener'],
    layers,
    hooks: () => onRoutesNamed(isHostless, withoutHeaders),
  },
  {
    name: 'filters-ignored-on-hostless-routes',
    title: 'Filters of a route without hostnames do nothing.',
    clauses: ['hostname-both-unset-any-authority', 'hostname-route-unset-inherits-listener'],
    layers,
    hooks: () => onRoutesNamed(isHostless, withoutFilters),
  },
  {
    name: 'routes-of-https-uncounted',
    title: 'attachedRoutes of HTTPS listeners is 0.',
    clauses: ['listener-attachedroutes-count', 'listener-attachedroutes-per-listener'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => {
        const written = gateway.spec.listeners?.find(({ name }) => name === listener.name);
        const isHealthy = listener.conditions.every((each) => each.status !== 'False');
        return written?.protocol === 'HTTPS' && isHealthy ? { ...listener, attachedRoutes: 0 } : listener;
      }),
    }),
  },
];
