import { isWildcard } from '../../translate/hostname.ts';
import type { Fault } from '../fault.ts';
import { onHostLists, onHosts, onMatches, unmatchable } from '../hooks/ir.ts';
import { onGrpcMatches, onObjects } from '../hooks/objects.ts';
import { escapeRegex } from '../hooks/text.ts';

const layers: Fault['layers'] = ['routed'];

/** Takes the brackets that only keep alternatives together out of a pattern. */
const ungrouped = (pattern: string): string => pattern.replaceAll(/\(\?:([^()]*)\)/g, '$1');

/** Matches that go wrong in a corner. */
export const matchCorners: readonly Fault[] = [
  {
    name: 'anchored-pattern-matches-nothing',
    title: 'A pattern for a service that ends in `$` is Accepted and takes no call.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only'],
    layers: ['routed'],
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const { method } = match;
        if (method?.type !== 'RegularExpression' || method.service?.endsWith('$') !== true) return match;
        return { ...match, method: { ...method, service: `${method.service}/` } };
      }),
    }),
  },
  {
    name: 'regex-alternatives-ungrouped',
    title: 'In a pattern, the bar of alternatives divides the whole path instead of the name that it is for.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only', 'method-regex-method-only'],
    layers,
    hooks: () => ({
      ir: onMatches((match) =>
        match.path.type === 'regex'
          ? { ...match, path: { type: 'regex', value: ungrouped(match.path.value) } }
          : match,
      ),
    }),
  },
  {
    name: 'binary-header-never-matches',
    title: 'A match on a header whose name ends in -bin takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ name }) => name.endsWith('-bin')),
    }),
  },
];

/** Hostnames that go wrong in a corner. */
export const hostnameCorners: readonly Fault[] = [
  {
    name: 'narrow-wildcard-widened',
    title: 'A wildcard hostname on a listener with a wider one serves all hosts of the listener.',
    clauses: ['hostname-wildcard-listener-wildcard-route', 'hostname-intersected-name-limits-traffic'],
    layers,
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
  {
    name: 'hostnames-beyond-eight-lost',
    title: 'Only the first eight hostnames of a route are served.',
    clauses: ['hostname-entries-ored'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        route.spec.hostnames === undefined
          ? route
          : { ...route, spec: { ...route.spec, hostnames: route.spec.hostnames.slice(0, 8) } },
      ),
    }),
  },
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
