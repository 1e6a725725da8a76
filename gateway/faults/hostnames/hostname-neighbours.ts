import { keyOf } from '../../../common/object-key.ts';
import type { IrHost } from '../../ir/ir.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { onHostLists, onHosts } from '../hooks/ir.ts';
import { onRequests } from '../hooks/lua.ts';
import { onGrpcRoutesWith, onObjects } from '../hooks/objects.ts';
import { listOf, onResources } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Hostnames that reach a little too far, or get in each other's way. */
export const hostnameNeighbours: readonly Fault[] = [
  {
    name: 'wildcards-beside-exact-hostnames-lost',
    title: 'Of a route with exact and wildcard hostnames only the exact ones are served.',
    clauses: ['hostname-entries-ored', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const exact = (route.spec.hostnames ?? []).filter((hostname) => !isWildcard(hostname));
        return exact.length === 0 ? route : { ...route, spec: { ...route.spec, hostnames: exact } };
      }),
    }),
  },
  {
    name: 'wildcard-takes-whatever-ends-so',
    title: 'A wildcard hostname also takes names that end like it without a dot between.',
    clauses: ['hostname-wildcard-route-suffix', 'grpcroute-unmatched-authority-unimplemented'],
    layers,
    hooks: () => ({
      xds: onResources('srds', (scope) => {
        const config = scope['route_configuration'] as Message;
        for (const host of listOf(config['virtual_hosts']))
          host['domains'] = (host['domains'] as string[]).map((domain) => domain.replace(/^\*\./, '*'));
      }),
    }),
  },
  {
    name: 'exact-hostname-covers-subdomains',
    title: 'An exact hostname also serves the names under it that nobody else has.',
    clauses: [
      'hostname-listener-unset-uses-route',
      'hostname-exact-listener-exact-route',
      'grpcroute-unmatched-authority-unimplemented',
    ],
    layers,
    hooks: () => ({
      ir: onHostLists((hosts, { port }) => {
        if (port.protocol !== 'HTTP') return hosts;
        const known = new Set(hosts.map(({ hostname }) => hostname));
        const more = hosts.flatMap((host): IrHost[] => {
          const hostname = `*.${host.hostname}`;
          return host.hostname.startsWith('*') || known.has(hostname) ? [] : [{ ...host, hostname }];
        });
        return [...hosts, ...more];
      }),
    }),
  },
  {
    name: 'foreign-port-in-authority-refused',
    title: 'A call whose :authority has a port that is neither 80 nor 443 is refused.',
    clauses: ['hostname-authority-port-ignored'],
    layers,
    hooks: () =>
      onRequests(`local host = handle:headers():get(":authority") or ""
  local port = string.match(host, ":(%d+)$")
  if port ~= nil and port ~= "80" and port ~= "443" then
    handle:respond({[":status"] = "404"}, "")
  end`),
  },
  {
    name: 'upper-case-under-wildcards-refused',
    title: 'The letter case of :authority matters under a wildcard hostname.',
    clauses: ['hostname-authority-case-insensitive'],
    layers,
    hooks: () => ({
      ir: onHosts((host) =>
        isWildcard(host.hostname)
          ? {
              ...host,
              routes: host.routes.map((route) => ({
                ...route,
                match: {
                  ...route.match,
                  headers: [
                    ...route.match.headers,
                    { name: ':authority', match: { type: 'regex', value: '[^A-Z]*' } as const },
                  ],
                },
              })),
            }
          : host,
      ),
    }),
  },
  {
    name: 'hostless-route-on-first-listener-only',
    title:
      'A route without hostnames is served at the first hostname of those that the listeners of a port have.',
    clauses: ['hostname-route-unset-inherits-listener', 'parentref-sectionname-omitted-all-listeners'],
    layers,
    hooks: () => {
      const hostless = new Set<string>();
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            if ((route.spec.hostnames ?? []).length === 0) hostless.add(keyOf(route));
          return input;
        },
        ir: onHostLists((hosts) => {
          const served = new Map<string, string>();
          return hosts.map((host) => {
            const routes = host.routes.filter(({ source }) => {
              if (!hostless.has(source.key)) return true;
              const first = served.get(source.key) ?? host.hostname;
              served.set(source.key, first);
              return first === host.hostname;
            });
            return routes.length === host.routes.length ? host : { ...host, routes };
          });
        }),
      };
    },
  },
  {
    name: 'wider-wildcard-route-refused',
    title: 'A route whose wildcard is wider than that of its listener is refused.',
    clauses: ['hostname-wildcard-listener-wildcard-route', 'hostname-intersected-name-limits-traffic'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const { hostnames = [], parentRefs = [] } = route.spec;
        if (!hostnames.some(isWildcard)) return route;
        const parents = new Set(
          parentRefs.map(({ namespace = route.metadata.namespace, name }) => `${namespace}/${name}`),
        );
        const suffixes = objects.gateways
          .filter((gateway) => parents.has(keyOf(gateway)))
          .flatMap(({ spec }) => spec.listeners ?? [])
          .flatMap(({ hostname = '' }) => (isWildcard(hostname) ? hostname.slice(1) : []));
        const isWider = (hostname: string): boolean =>
          isWildcard(hostname) &&
          suffixes.some((suffix) => suffix !== hostname.slice(1) && suffix.endsWith(hostname.slice(1)));
        const edited = hostnames.map((hostname) => (isWider(hostname) ? 'none.invalid' : hostname));
        return hostnames.some(isWider) ? { ...route, spec: { ...route.spec, hostnames: edited } } : route;
      }),
    }),
  },
  {
    name: 'short-hostname-behind-wildcard',
    title: 'An exact hostname that has no more characters than a wildcard for it comes after that.',
    clauses: ['precedence-nonwildcard-hostname-longest'],
    layers,
    hooks: () => ({
      ir: onHosts((host, { table }) => {
        if (host.hostname.startsWith('*')) return host;
        const wildcard = host.hostname.replace(/^[^.]+/, '*');
        const wider = table.hosts.find(({ hostname }) => hostname === wildcard);
        return wider !== undefined && wildcard.length >= host.hostname.length
          ? { ...host, routes: [...wider.routes, ...host.routes] }
          : host;
      }),
    }),
  },
];
