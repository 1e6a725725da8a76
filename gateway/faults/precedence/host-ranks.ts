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

/** The hosts that calls of this one go on to, in that order. */
const widerThan = ({ hostname }: IrHost, hosts: readonly IrHost[]): IrHost[] =>
  hosts
    .filter((other) => other.hostname !== hostname && covers(other.hostname, hostname))
    .toSorted((left, right) => compareSpecificity(left.hostname, right.hostname));

/** Calls that no rule of a meant host fits go on to the next one, and no farther. */
const oneStepOnly = (isMeant: (host: IrHost) => boolean): FaultHooks => ({
  ir: onHostLists((hosts) =>
    mapSame(hosts, (host) => {
      const [next, ...others] = widerThan(host, hosts);
      if (next === undefined || others.length === 0 || !host.fallThrough || !isMeant(host)) return host;
      const moved = next.routes.map((route) => ({ ...route, name: `${route.name}/wide` }));
      return { ...host, routes: [...host.routes, ...moved], fallThrough: false };
    }),
  ),
});

/** Calls that go on from one hostname to the next, and are lost on the way. */
export const longFalls: readonly Fault[] = [
  {
    name: 'wildcards-fall-through-once',
    title:
      'A call that fits no rule of its wildcard hostname, nor one of the next wider wildcard, is refused, though a third one has a rule.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => oneStepOnly(({ hostname }) => isWildcard(hostname)),
  },
  {
    name: 'exact-hosts-fall-through-once',
    title:
      'A call that fits no rule of its exact hostname, nor one of the longest wildcard, is refused, though a wider wildcard has a rule.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => oneStepOnly(({ hostname }) => hostname !== anyHost && !isWildcard(hostname)),
  },
  {
    name: 'no-fall-through-from-wildcards-to-any-host',
    title:
      'A call that no rule of its wildcard hostname fits is refused, though a route without hostnames has one.',
    clauses: ['grpcroute-multiple-routes-share-listener', 'hostname-both-unset-any-authority'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHostLists((hosts) =>
        mapSame(hosts, (host) =>
          isWildcard(host.hostname) && widerThan(host, hosts)[0]?.hostname === anyHost
            ? { ...host, fallThrough: false }
            : host,
        ),
      ),
    }),
  },
];

/** Whether calls that one takes are those of the other, with nothing but age and place to choose by. */
const isTie = (left: IrRoute, right: IrRoute): boolean =>
  JSON.stringify(left.match) === JSON.stringify(right.match);

/** Of routes with the same match the last one wins on HTTPS listeners, where they are of one object, or of several. */
const lastOfTies = (isMeant: (left: IrRoute, right: IrRoute) => boolean): FaultHooks => ({
  ir: onHttps((host) => ({
    ...host,
    routes: host.routes.reduce<IrRoute[]>((sorted, route) => {
      const place = sorted.findIndex((earlier) => isTie(earlier, route) && isMeant(earlier, route));
      return place === -1 ? [...sorted, route] : sorted.toSpliced(place, 0, route);
    }, []),
  })),
});

/** Who wins a tie over TLS. */
export const tiesOverTls: readonly Fault[] = [
  {
    name: 'last-rule-wins-on-https',
    title: 'On HTTPS listeners the last of equal rules in one route wins.',
    clauses: ['precedence-first-rule-in-route'],
    layers,
    hooks: () => lastOfTies((left, right) => left.source.key === right.source.key),
  },
  {
    name: 'newest-route-wins-on-https',
    title: 'On HTTPS listeners the newest of the routes with the same match wins.',
    clauses: ['precedence-oldest-route'],
    layers,
    hooks: () => lastOfTies((left, right) => left.source.key !== right.source.key),
  },
];
