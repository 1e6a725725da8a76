import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { anyHost, compareSpecificity, covers, isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists, onHosts, placeInRoute } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** The host with routes of others in front of its own. */
function withFirst(host: IrHost, moved: IrRoute[]): IrHost {
  if (moved.length === 0 || !host.fallThrough) return host;
  return {
    ...host,
    routes: [...moved.map((route) => ({ ...route, name: `${route.name}/wide` })), ...host.routes],
  };
}

/** Hostnames that say less of which route goes first than they should. */
export const hostRanks: readonly Fault[] = [
  {
    name: 'hostless-routes-rank-by-match',
    title:
      'A route without hostnames counts as precise as one that names the host: the match decides between them.',
    clauses: ['precedence-hostname-before-service', 'precedence-nonwildcard-hostname-longest'],
    layers,
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4807',
    hooks: () => ({
      ir: onHostLists((hosts) => {
        const hostless = hosts.find(({ hostname }) => hostname === anyHost)?.routes ?? [];
        const precise = hostless.filter(({ match }) => match.path.value !== '/');
        return mapSame(hosts, (host) => (host.hostname === anyHost ? host : withFirst(host, precise)));
      }),
    }),
  },
  {
    name: 'routes-rank-by-first-hostname',
    title: 'Routes rank by the first of their hostnames, whichever of them fits the call.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'precedence-hostname-longest'],
    layers,
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4210',
    hooks: () => {
      const first = new Map<string, string>();
      const rankOf = ({ source }: IrRoute): string => first.get(source.key) ?? anyHost;
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            first.set(keyOf(route), route.spec.hostnames?.[0] ?? anyHost);
          return input;
        },
        ir: onHostLists((hosts) =>
          mapSame(hosts, (host) => {
            const wider = hosts.filter((other) => other !== host && covers(other.hostname, host.hostname));
            const beatsAll = (route: IrRoute): boolean =>
              host.routes.every((own) => compareSpecificity(rankOf(route), rankOf(own)) < 0);
            return withFirst(
              host,
              wider.flatMap(({ routes }) => routes.filter(beatsAll)),
            );
          }),
        ),
      };
    },
  },
];

const ruleOf = (route: IrRoute): number => placeInRoute(route).rule;

const matchOf = (route: IrRoute): number => placeInRoute(route).match;

/** In the order of a listing: routes by name, their rules as written. */
function asListed(routes: readonly IrRoute[]): IrRoute[] {
  return routes.toSorted(
    (left, right) =>
      left.source.key.localeCompare(right.source.key) ||
      ruleOf(left) - ruleOf(right) ||
      matchOf(left) - matchOf(right),
  );
}

/** Hosts on which the order of a listing counts instead. */
export const listedOrder: readonly Fault[] = [
  {
    name: 'order-of-listing-under-wildcards',
    title: 'Under a wildcard hostname the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'precedence-across-routes-specificity'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => (isWildcard(host.hostname) ? { ...host, routes: asListed(host.routes) } : host)),
    }),
  },
  {
    name: 'order-of-listing-on-https',
    title: 'On HTTPS listeners the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'precedence-across-routes-specificity'],
    layers,
    hooks: () => ({
      ir: onHosts((host, { port }) =>
        port.protocol === 'HTTPS' ? { ...host, routes: asListed(host.routes) } : host,
      ),
    }),
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
