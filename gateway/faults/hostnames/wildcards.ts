import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes, onHostLists, onHosts } from '../hooks/ir.ts';
import { gatewayOf } from '../hooks/objects.ts';
import { onParents } from '../hooks/statuses.ts';
import { escapeRegex } from '../hooks/text.ts';

/** Wildcards that take more than they should. */
export const widenedWildcards: readonly Fault[] = [
  {
    name: 'narrow-wildcard-widened',
    title: 'A wildcard hostname on a listener with a wider one serves all hosts of the listener.',
    clauses: ['hostname-wildcard-listener-wildcard-route', 'hostname-intersected-name-limits-traffic'],
    layers: ['routed'],
    hooks: () => {
      const wide = new Map<string, string[]>();
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.gateways)
            wide.set(
              `${metadata.namespace}/${metadata.name}`,
              (spec.listeners ?? []).flatMap(({ hostname = '' }) => (isWildcard(hostname) ? hostname : [])),
            );
          return input;
        },
        ir: onHostLists((hosts, { gateway }) =>
          (wide.get(gateway.key) ?? []).reduce((list, wildcard) => {
            const narrow = list.filter(
              ({ hostname }) =>
                isWildcard(hostname) && hostname !== wildcard && hostname.endsWith(wildcard.slice(1)),
            );
            const routes = narrow.flatMap((host) => host.routes);
            if (routes.length === 0) return list;
            const own = list.find(({ hostname }) => hostname === wildcard);
            const widened = {
              hostname: wildcard,
              routes: [...(own?.routes ?? []), ...routes],
              fallThrough: false,
            };
            return [...list.filter((host) => host !== own), widened];
          }, hosts),
        ),
      };
    },
  },
];

/** Wildcards that take less than they should, over TLS. */
export const tlsWildcards: readonly Fault[] = [
  {
    name: 'tls-wildcard-takes-one-label',
    title: 'The wildcard hostname of an HTTPS listener covers names of one further label only.',
    clauses: ['hostname-wildcard-multi-label'],
    layers: ['routed', 'tls'],
    hooks: () => ({
      ir: onHosts((host, { port }) =>
        port.protocol === 'HTTPS' && isWildcard(host.hostname)
          ? {
              ...host,
              routes: host.routes.map((route) => {
                const value = `[^.]+${escapeRegex(host.hostname.slice(1))}(:[0-9]+)?`;
                const headers = [
                  ...route.match.headers,
                  { name: ':authority', match: { type: 'regex', value } as const },
                ];
                return { ...route, match: { ...route.match, headers } };
              }),
            }
          : host,
      ),
    }),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** How many labels a wildcard stands for. */
export const wildcardReach: readonly Fault[] = [
  {
    name: 'wildcard-takes-two-labels-at-most',
    title: 'A wildcard hostname covers names of one or two further labels only.',
    clauses: ['hostname-wildcard-multi-label', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route, { host, port }) => {
        if (port.protocol !== 'HTTP' || !isWildcard(host.hostname)) return route;
        const suffix = host.hostname.slice(1).replaceAll('.', '\\.');
        const value = `[^.]+(\\.[^.]+)?${suffix}(:[0-9]+)?`;
        const headers = [
          ...route.match.headers,
          { name: ':authority', match: { type: 'regex', value } as const },
        ];
        return { ...route, match: { ...route.match, headers } };
      }),
    }),
  },
  {
    name: 'apex-route-accepted-by-wildcard-listener',
    title: 'A listener with a wildcard hostname accepts a route for the bare name, and serves it nowhere.',
    clauses: [
      'hostname-wildcard-excludes-apex',
      'hostname-no-intersection-rejected',
      'status-nomatchinglistenerhostname',
    ],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const { hostnames = [] } = route.spec;
        const isApex = (gatewayOf(parent.parentRef, route, objects)?.spec.listeners ?? []).some(
          ({ hostname = '' }) => hostnames.includes(hostname.slice(2)),
        );
        const conditions = parent.conditions?.map((condition) =>
          isApex && condition.reason === 'NoMatchingListenerHostname'
            ? ({ ...condition, status: 'True', reason: 'Accepted', message: 'all is well' } as const)
            : condition,
        );
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
];

/** Wildcards that take the bare name, over TLS. */
export const tlsApex: readonly Fault[] = [
  {
    name: 'tls-wildcard-takes-apex',
    title: 'Over TLS a wildcard hostname takes calls for the bare name as well.',
    clauses: ['hostname-wildcard-excludes-apex'],
    layers,
    hooks: () => ({
      ir: onHostLists((hosts, { port }) => {
        if (port.protocol !== 'HTTPS') return hosts;
        const names = new Set(hosts.map(({ hostname }) => hostname));
        const bare = hosts
          .filter(({ hostname }) => isWildcard(hostname) && !names.has(hostname.slice(2)))
          .map((host) => ({ ...host, hostname: host.hostname.slice(2), fallThrough: true }));
        return bare.length === 0 ? hosts : [...hosts, ...bare];
      }),
    }),
  },
];
