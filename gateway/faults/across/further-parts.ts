import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { Listener } from '../../translate/gateway-api.ts';
import { anyHost, covers } from '../../translate/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { onGrpcRoutes, onHostLists } from '../hooks/ir.ts';
import { mapListeners, onObjects, withListeners } from '../hooks/objects.ts';
import { onRequests } from '../hooks/lua.ts';
import { onRouteActions, onXdsRoutes } from '../hooks/xds.ts';

const isSent = (path: string): boolean => /\/(Client|Bidi)Stream$/.test(path);

export const sentMirrors: readonly Fault[] = [
  {
    name: 'mirrors-skip-sent-streams',
    title: 'Mirrors get no copies of streams that their callers send.',
    clauses: ['filter-mirror-copies-calls'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.mirrors.length > 0 && isSent(route.match.path.value) ? { ...route, mirrors: [] } : route,
      ),
    }),
  },
  {
    name: 'mirrors-skip-bidi-streams',
    title: 'Mirrors get no copies of streams of both sides.',
    clauses: ['filter-mirror-copies-calls'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.mirrors.length > 0 && route.match.path.value.endsWith('/BidiStream')
          ? { ...route, mirrors: [] }
          : route,
      ),
    }),
  },
];

export const splitRetries: readonly Fault[] = [
  {
    name: 'failed-calls-retried-in-splits',
    title: 'A call that one backend of a rule answers UNAVAILABLE is made again where the rule has several.',
    clauses: ['grpc-no-unasked-retry'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => ({
      xds: onRouteActions((action) => {
        if (action['weighted_clusters'] === undefined) return;
        action['retry_policy'] = { retry_on: 'unavailable', num_retries: { value: 2 } };
      }),
    }),
  },
];

/** HTTPS listeners that are edited or removed while others of their port stay. */
export const editedNames: readonly Fault[] = [
  {
    name: 'server-name-edit-unnoticed',
    title: 'An HTTPS listener whose hostname is edited goes on with the one that it had.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () =>
      besideFirst('gateways', (now, first) =>
        mapListeners(now, (listener) => {
          const before = first.spec.listeners?.find(({ name }) => name === listener.name);
          return listener.protocol !== 'HTTPS' ||
            before?.hostname === undefined ||
            listener.hostname === before.hostname
            ? listener
            : { ...listener, hostname: before.hostname };
        }),
      ),
  },
  {
    name: 'removed-server-name-served',
    title: 'An HTTPS listener that is removed goes on being served as long as its port has another one.',
    clauses: ['gateway-listener-removed'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () => {
      const known = new Map<string, Map<string, Listener>>();
      return {
        input: onObjects('gateways', (gateway) => {
          const listeners = gateway.spec.listeners ?? [];
          const all = known.get(keyOf(gateway)) ?? new Map<string, Listener>();
          known.set(keyOf(gateway), all);
          for (const listener of listeners) all.set(listener.name, listener);
          const gone = [...all.values()].filter(
            ({ name, port, protocol }) =>
              protocol === 'HTTPS' &&
              listeners.some((each) => each.port === port) &&
              !listeners.some((each) => each.name === name),
          );
          return gone.length === 0 ? gateway : withListeners(gateway, [...listeners, ...gone]);
        }),
      };
    },
  },
];

export const hostlessDeletions: readonly Fault[] = [
  {
    name: 'deleted-hostless-route-served',
    title: 'A route without hostnames goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers: ['routed', 'backend', 'connect'],
    hooks: () => {
      const known = new Map<string, IrHost>();
      return {
        ir: onHostLists((hosts, { gateway, table }) => {
          const id = `${gateway.key} ${table.id}`;
          const any = hosts.find(({ hostname }) => hostname === anyHost);
          const before = known.get(id);
          if (any !== undefined && any.routes.length > 0) known.set(id, any);
          else if (before !== undefined)
            return [...hosts.filter(({ hostname }) => hostname !== anyHost), before];
          return hosts;
        }),
      };
    },
  },
];

export const lateErrors: readonly Fault[] = [
  {
    name: 'unavailable-waits-for-caller',
    title: 'A stream whose rule has no usable backend is answered only when its caller has finished sending.',
    clauses: ['backend-all-invalid-unavailable', 'streaming-messages-not-held-back'],
    layers: ['routed', 'backend', 'http2'],
    hooks: () => {
      const { xds: inFront } = onRequests(`local name = handle:streamInfo():routeName() or ""
  if string.find(name, "/broken", 1, true) ~= nil then handle:body() end`);
      const marked = onXdsRoutes((route) => {
        const answer = route['direct_response'] as { status?: number } | undefined;
        if (answer?.status === 503) route['name'] = `${String(route['name'])}/broken`;
        return route;
      });
      return { xds: (resource, gateway) => inFront?.(marked(resource), gateway) };
    },
  },
];

const onHttps = (edit: (host: IrHost, hosts: readonly IrHost[]) => IrHost): NonNullable<FaultHooks['ir']> =>
  onHostLists((hosts, { port }) =>
    port.protocol === 'HTTPS' ? hosts.map((host) => edit(host, hosts)) : hosts,
  );

/** Which of several hostnames takes a call over TLS. */
export const hostRanksOverTls: readonly Fault[] = [
  {
    name: 'no-fall-through-on-https',
    title:
      'On HTTPS listeners a call that no rule of its hostname fits is refused, though a wildcard has one.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => ({ ir: onHttps((host) => ({ ...host, fallThrough: false })) }),
  },
  {
    name: 'wildcards-first-on-https',
    title: 'On HTTPS listeners routes of a wildcard hostname take calls before those of narrower ones.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'precedence-hostname-longest'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHttps((host, hosts) => {
        const wider = hosts
          .filter(
            (other) => other !== host && other.hostname !== anyHost && covers(other.hostname, host.hostname),
          )
          .flatMap(({ routes }) => routes)
          .map((route) => ({ ...route, name: `${route.name}/wide` }));
        return wider.length === 0 ? host : { ...host, routes: [...wider, ...host.routes] };
      }),
    }),
  },
];

export const backendFiltersOverTls: readonly Fault[] = [
  {
    name: 'backend-filters-ignored-on-https',
    title: 'On HTTPS listeners filters of backendRefs do nothing.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }): IrRoute => {
        if (port.protocol !== 'HTTPS' || route.action.type !== 'forward') return route;
        const backends = route.action.backends.map(
          ({ requestHeaders: _request, responseHeaders: _response, ...backend }) => backend,
        );
        return { ...route, action: { ...route.action, backends } };
      }),
    }),
  },
];

const refusing = (condition: string): FaultHooks =>
  onRequests(`local host = handle:headers():get(":authority") or ""
  if ${condition} then handle:respond({[":status"] = "404"}, "") end`);

/** Spellings of an authority that are right one by one. */
export const authoritiesInPart: readonly Fault[] = [
  {
    name: 'upper-case-with-port-refused',
    title: 'The letter case of :authority matters where it has a port.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed', 'http2'],
    hooks: () => refusing('string.find(host, "%u") and string.find(host, ":%d+$")'),
  },
  {
    name: 'port-under-wildcards-refused-on-https',
    title: 'A port in :authority is taken for a part of the hostname under a wildcard hostname, over TLS.',
    clauses: ['hostname-authority-port-ignored'],
    layers: ['routed', 'http2'],
    hooks: () =>
      refusing(
        'handle:connection():ssl() ~= nil and string.find(host, "^x%.wild%.") and string.find(host, ":%d+$")',
      ),
  },
];
