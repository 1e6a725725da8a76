import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHosts } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed'];

const withoutHosts = (isLost: (hostname: string) => boolean): FaultHooks => ({
  ir: onHosts((host) => (isLost(host.hostname) ? undefined : host)),
});

const labelsOf = (hostname: string): string[] => hostname.split('.');

/** Names and values that are longer than most, or spelled in a way that the spec allows and few use. */
export const longHostnames: readonly Fault[] = [
  {
    name: 'long-hostname-unserved',
    title: 'Hostnames of more than 120 characters are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => hostname.length > 120),
  },
  {
    name: 'long-label-unserved',
    title: 'Hostnames with a label of more than 50 characters are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => labelsOf(hostname).some((label) => label.length > 50)),
  },
  {
    name: 'punycode-unserved',
    title: 'Hostnames of internationalised domain names (xn--) are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => labelsOf(hostname).some((label) => label.startsWith('xn--'))),
  },
  {
    name: 'leading-digit-unserved',
    title: 'Hostnames that begin with a digit are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => /^\d/.test(hostname)),
  },
  {
    name: 'third-route-of-a-host-lost',
    title: 'Of more than two routes that share a hostname the first two are served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const sources = [...new Set(host.routes.map(({ source }) => source.key))];
        if (sources.length < 3) return host;
        return { ...host, routes: host.routes.filter(({ source }) => sources.indexOf(source.key) < 2) };
      }),
    }),
  },
];

/** Matches on such names. */
export const longMatches: readonly Fault[] = [
  {
    name: 'long-method-name-unserved',
    title: 'Matches on service and method of more than 150 characters together take no call.',
    clauses: ['method-exact-service-and-method'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.path.type === 'exact' && route.match.path.value.length > 150 ? undefined : route,
      ),
    }),
  },
  {
    name: 'long-header-value-never-matches',
    title: 'An Exact match on a header value of more than 256 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.headers.some(({ match }) => match.type === 'exact' && match.value.length > 256)
          ? undefined
          : route,
      ),
    }),
  },
  {
    name: 'long-header-name-never-matches',
    title: 'A match on a header whose name has more than 64 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.headers.some(({ name }) => name.length > 64) ? undefined : route,
      ),
    }),
  },
  {
    name: 'cases-of-a-method-collide',
    title: 'Of two matches that differ in letter case alone only the first takes calls.',
    clauses: ['method-exact-method-case-sensitive', 'method-exact-service-case-sensitive'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const seen = new Map<string, string>();
        const routes = host.routes.filter(({ match }) => {
          const text = JSON.stringify(match);
          const first = seen.get(text.toLowerCase()) ?? text;
          seen.set(text.toLowerCase(), first);
          return first === text;
        });
        return routes.length === host.routes.length ? host : { ...host, routes };
      }),
    }),
  },
];
