import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes, onHostLists, onHosts } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';
import { escapeRegex } from '../hooks/text.ts';
import { editedAny, listOf, onConnectionManagers } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const isWildcardHost = ({ hostname }: IrHost): boolean => isWildcard(hostname);

/** Copies the routes of hosts to a further hostname of each, where that is not there yet. */
function alsoAt(further: (host: IrHost) => string | undefined) {
  return onHostLists((hosts) => {
    const known = new Set(hosts.map(({ hostname }) => hostname));
    const added = hosts.flatMap((host) => {
      const hostname = further(host);
      if (hostname === undefined || known.has(hostname)) return [];
      known.add(hostname);
      return [{ ...host, hostname }];
    });
    return added.length === 0 ? hosts : [...hosts, ...added];
  });
}

/** Which hosts a route serves. */
export const hostnames: readonly Fault[] = [
  {
    name: 'hostnames-ignored',
    title: 'A route serves calls to any host.',
    clauses: ['grpcroute-unmatched-authority-unimplemented', 'hostname-listener-unset-uses-route'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHostLists((hosts) => {
        const routes = hosts.flatMap((host) => host.routes);
        const any = hosts.find(({ hostname }) => hostname === '*');
        const rest = hosts.filter((host) => host !== any);
        return [...rest, { hostname: '*', routes, fallThrough: any?.fallThrough ?? true }];
      }),
    }),
  },
  {
    name: 'route-without-hostnames-dead',
    title: 'A route without hostnames is Accepted and not served.',
    clauses: ['hostname-route-unset-inherits-listener', 'hostname-both-unset-any-authority'],
    layers: ['routed'],
    reference: 'istio/istio#58877',
    hooks: () => {
      const without = new Set<string>();
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            if ((route.spec.hostnames ?? []).length === 0) without.add(keyOf(route));
          return input;
        },
        ir: onGrpcRoutes((route) => (without.has(route.source.key) ? undefined : route)),
      };
    },
  },
  {
    name: 'route-without-hostnames-takes-all',
    title: 'A route without hostnames serves hosts that its listener has not.',
    clauses: ['hostname-route-unset-inherits-listener', 'hostname-intersected-name-limits-traffic'],
    layers: ['routed'],
    reference: 'Kong/kong-operator#4673',
    hooks: () => {
      const without = new Set<string>();
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            if ((route.spec.hostnames ?? []).length === 0) without.add(keyOf(route));
          return input;
        },
        ir: onHostLists((hosts) => {
          const routes = hosts.flatMap((host) => host.routes.filter(({ source }) => without.has(source.key)));
          if (routes.length === 0) return hosts;
          const any = hosts.find(({ hostname }) => hostname === '*');
          const rest = hosts.filter((host) => host !== any);
          return [
            ...rest,
            { hostname: '*', routes: unique([...(any?.routes ?? []), ...routes]), fallThrough: true },
          ];
        }),
      };
    },
  },
  {
    name: 'ipv6-authority-refused',
    title: 'A route that serves any host takes no call to an IPv6 address.',
    clauses: ['hostname-both-unset-any-authority'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { host }) => {
        if (host.hostname !== '*') return route;
        const isNamed = { name: ':authority', match: { type: 'regex', value: '[^[].*' } as const };
        return { ...route, match: { ...route.match, headers: [...route.match.headers, isNamed] } };
      }),
    }),
  },
  {
    name: 'wildcard-takes-one-label',
    title: 'A wildcard hostname covers names of one further label only.',
    clauses: ['hostname-wildcard-multi-label'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) =>
        isWildcardHost(host)
          ? { ...host, routes: host.routes.map((route) => onlyOneLabel(route, host.hostname)) }
          : host,
      ),
    }),
  },
  {
    name: 'wildcard-covers-apex',
    title: 'A wildcard hostname also covers the bare name.',
    clauses: ['hostname-wildcard-excludes-apex'],
    layers: ['routed'],
    hooks: () => ({ ir: alsoAt((host) => (isWildcardHost(host) ? host.hostname.slice(2) : undefined)) }),
  },
  {
    name: 'wildcard-route-dead',
    title: 'A route with a wildcard hostname is Accepted and not served.',
    clauses: ['hostname-wildcard-route-suffix', 'hostname-wildcard-listener-wildcard-route'],
    layers: ['routed'],
    reference: 'cilium/cilium#44118',
    hooks: () => ({ ir: onHosts((host) => (isWildcardHost(host) ? { ...host, routes: [] } : host)) }),
  },
  {
    name: 'exact-route-on-wildcard-listener-dead',
    title: 'A route with an exact hostname on a listener with a wildcard is Accepted and not served.',
    clauses: ['hostname-wildcard-listener-exact-route'],
    layers: ['routed'],
    reference: 'cilium/cilium#44118',
    hooks: () => {
      const wildcards = new Map<string, string[]>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways)
            wildcards.set(
              keyOf(gateway),
              (gateway.spec.listeners ?? []).flatMap(({ hostname = '', port }) =>
                isWildcard(hostname) ? [`${port} ${hostname.slice(1)}`] : [],
              ),
            );
          return input;
        },
        ir: onHosts((host, { gateway, port }) => {
          const own = wildcards.get(gateway.key) ?? [];
          const isUnder = own.some((entry) => {
            const [listenerPort, suffix = ''] = entry.split(' ');
            return Number(listenerPort) === port.port && host.hostname.endsWith(suffix);
          });
          return isUnder && !host.hostname.startsWith('*') ? { ...host, routes: [] } : host;
        }),
      };
    },
  },
  {
    name: 'listener-hostname-ignored',
    title: 'The hostname of a listener does not limit the routes that are attached to it.',
    clauses: [
      'hostname-route-unset-inherits-listener',
      'hostname-intersected-name-limits-traffic',
      'hostname-no-intersection-rejected',
    ],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const listeners = gateway.spec.listeners ?? [];
        const isOnly = (port: number): boolean =>
          listeners.filter((listener) => listener.port === port).length === 1;
        return {
          ...gateway,
          spec: {
            ...gateway.spec,
            listeners: listeners.map(({ hostname, ...listener }) =>
              hostname === undefined || listener.protocol !== 'HTTP' || !isOnly(listener.port)
                ? { ...listener, ...(hostname !== undefined && { hostname }) }
                : listener,
            ),
          },
        };
      }),
    }),
  },
  {
    name: 'wildcard-route-not-narrowed',
    title: 'A wildcard hostname of a route is not narrowed to the exact hostname of its listener.',
    clauses: ['hostname-exact-listener-wildcard-route', 'hostname-intersected-name-limits-traffic'],
    layers: ['routed'],
    hooks: () => ({
      ir: alsoAt((host) =>
        host.routes.some(({ source }) => source.kind === 'GRPCRoute')
          ? `*.${host.hostname.replace(/^\*\./, '').split('.').slice(1).join('.')}`
          : undefined,
      ),
    }),
  },
  {
    name: 'only-first-hostname',
    title: 'Of several hostnames of a route only the first is served.',
    clauses: ['hostname-entries-ored'],
    layers: ['routed'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        (route.spec.hostnames ?? []).length < 2
          ? route
          : { ...route, spec: { ...route.spec, hostnames: (route.spec.hostnames ?? []).slice(0, 1) } },
      ),
    }),
  },
  {
    name: 'nonmatching-hostname-refuses-route',
    title: 'A route with one hostname that its listener has not is refused as a whole.',
    clauses: ['hostname-nonmatching-entries-ignored'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const { hostnames: written = [] } = route.spec;
        const domains = new Set(written.map((name) => name.split('.').slice(-2).join('.')));
        return written.length > 1 && domains.size > 1
          ? { ...route, spec: { ...route.spec, hostnames: ['none.invalid'] } }
          : route;
      }),
    }),
  },
  {
    name: 'authority-case-matters',
    title: 'The letter case of :authority matters.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        for (const filter of listOf(manager['http_filters'])) {
          if (filter['name'] !== 'envoy.filters.http.lua') continue;
          filter['typed_config'] = editedAny(filter['typed_config'] as never, (lua) => {
            const source = lua['default_source_code'] as Message;
            source['inline_string'] = String(source['inline_string']).replace('string.lower(host)', 'host');
          });
        }
      }),
    }),
  },
  {
    name: 'authority-port-counts',
    title: 'A port in :authority is taken for a part of the hostname.',
    clauses: ['hostname-authority-port-ignored'],
    layers: ['routed'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        const scoped = manager['scoped_routes'] as { scope_key_builder: { fragments: Message[] } };
        const [fragment] = scoped.scope_key_builder.fragments;
        const extractor = fragment?.['header_value_extractor'] as Message;
        extractor['element_separator'] = '|';
      }),
    }),
  },
  {
    name: 'equal-rules-share-backends',
    title: 'Rules with the same match share the backends of the first, though their hosts differ.',
    clauses: ['hostname-matched-before-rules'],
    layers: ['routed'],
    reference: 'Kong/kong-operator#4621',
    hooks: () => ({
      ir: onHostLists((hosts) => {
        const first = new Map<string, IrRoute['action']>();
        return hosts.map((host) => ({
          ...host,
          routes: host.routes.map((route) => {
            const [namespace = ''] = route.source.key.split('/');
            const id = `${namespace} ${JSON.stringify(route.match)}`;
            const action = first.get(id) ?? route.action;
            first.set(id, action);
            return { ...route, action };
          }),
        }));
      }),
    }),
  },
];

function unique(routes: IrRoute[]): IrRoute[] {
  return [...new Map(routes.map((route) => [route.name, route])).values()];
}

function onlyOneLabel(route: IrRoute, wildcard: string): IrRoute {
  const value = `[^.]+${escapeRegex(wildcard.slice(1))}(:[0-9]+)?`;
  const headers = [...route.match.headers, { name: ':authority', match: { type: 'regex', value } as const }];
  return { ...route, match: { ...route.match, headers } };
}
