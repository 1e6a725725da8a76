import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { timeOf } from '../../translate/memory/memo.ts';
import { covers, isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHostLists, onHosts, placeInRoute, reordered } from '../hooks/ir.ts';
import { namesGateway, onGrpcMatches, onGrpcRoutesWith, onObjects } from '../hooks/objects.ts';
import { halfOfCalls, onVirtualHosts } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const written = (route: IrRoute): number => placeInRoute(route).rule * 1000 + placeInRoute(route).match;
const userHeaders = ({ match }: IrRoute): number =>
  match.headers.filter(({ name }) => !name.startsWith(':')).length;
const sameMatch = (a: IrRoute, b: IrRoute): boolean => JSON.stringify(a.match) === JSON.stringify(b.match);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const nameOf = ({ source }: IrRoute): string => source.key.split('/')[1] ?? '';

/** What a key ends in as a number, and what is in front of it. */
function withoutNumber({ source }: IrRoute): [string, number] {
  const [, name = source.key, digits = '0'] = /^(.*?)(\d*)$/.exec(source.key) ?? [];
  return [name, Number(digits)];
}

/** Orders routes that are alike anew among themselves, and leaves all others where they are. */
function among(
  isAlike: (a: IrRoute, b: IrRoute) => boolean,
  compare: (a: IrRoute, b: IrRoute) => number,
): FaultHooks {
  return {
    ir: onHosts((host) => {
      const routes = [...host.routes];
      for (const [index, route] of host.routes.entries()) {
        const group = host.routes.filter((other) => isAlike(other, route));
        const place = group.indexOf(route);
        const next = [...group].sort(compare)[place];
        if (next !== undefined) routes[index] = next;
      }
      return { ...host, routes };
    }),
  };
}

/** Those of one match. */
const amongEqual = (compare: (a: IrRoute, b: IrRoute) => number): FaultHooks => among(sameMatch, compare);

/** The older GRPCRoute goes first where matches are alike, and within it they are ranked as ever. */
function olderFirst(isAlike: (a: IrRoute, b: IrRoute) => boolean): FaultHooks {
  const ages = new Map<string, number>();
  const ageOf = ({ source }: IrRoute): number => ages.get(source.key) ?? 0;
  const areGrpc = (a: IrRoute, b: IrRoute): boolean => a.protocol === 'grpc' && b.protocol === 'grpc';
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes)
        ages.set(keyOf(route), timeOf(route.metadata.creationTimestamp));
      return input;
    },
    ...among(
      (a, b) => a === b || (areGrpc(a, b) && isAlike(a, b)),
      (a, b) => ageOf(a) - ageOf(b) || compareText(a.source.key, b.source.key),
    ),
  };
}

/** The path that a match on a service takes, of one on a method as well; undefined for any other. */
function serviceOf({ match: { path } }: IrRoute): string | undefined {
  return path.type === 'regex' || path.value === '/' ? undefined : path.value.replace(/[^/]*$/, '');
}

/** A match that is edited stays at the place that it had among those that were there before. */
function inEarlierOrder(): FaultHooks {
  const last = new Map<string, string[]>();
  return {
    ir: onHosts((host, { gateway, table }) => {
      const id = `${gateway.key} ${table.id} ${host.hostname}`;
      const before = last.get(id) ?? [];
      const byName = new Map(host.routes.map((route) => [route.name, route]));
      const stayed = before.filter((name) => byName.has(name)).values();
      const routes = host.routes.map((route) =>
        before.includes(route.name) ? (byName.get(stayed.next().value ?? '') ?? route) : route,
      );
      last.set(
        id,
        routes.map(({ name }) => name),
      );
      return { ...host, routes };
    }),
  };
}

/** Puts the routes of the wildcard hosts that cover a host in front of its own, where `isMoved` says so. */
function widerFirst(isNarrow: (host: IrHost) => boolean, isMoved: (route: IrRoute) => boolean): FaultHooks {
  return {
    ir: onHostLists((hosts) =>
      hosts.map((host) => {
        if (!isNarrow(host)) return host;
        const wider = hosts.filter(
          (other) => other !== host && isWildcard(other.hostname) && covers(other.hostname, host.hostname),
        );
        const moved = wider
          .flatMap(({ routes }) => routes.filter(isMoved))
          .map((route) => ({ ...route, name: `${route.name}/wide` }));
        return moved.length === 0 ? host : { ...host, routes: [...moved, ...host.routes] };
      }),
    ),
  };
}

/** Which of several rules that fit takes a call. */
export const precedence: readonly Fault[] = [
  {
    name: 'first-listed-rule-wins',
    title: 'The first rule in the listing that fits takes the call, however specific others are.',
    clauses: ['precedence-not-listing-order', 'precedence-service-longest'],
    layers: ['routed'],
    hooks: () => ({ ir: reordered((a, b) => written(a) - written(b)) }),
  },
  {
    name: 'first-route-wins',
    title: 'The first route by name takes the call, however specific the rules of others are.',
    clauses: ['precedence-across-routes-specificity'],
    layers: ['routed'],
    hooks: () => ({ ir: reordered((a, b) => compareText(a.source.key, b.source.key)) }),
  },
  {
    name: 'methods-rank-within-route',
    title: 'A match on service and method goes before one on the service alone in its own route only.',
    clauses: ['precedence-across-routes-specificity'],
    layers: ['routed'],
    hooks: () => olderFirst((a, b) => serviceOf(a) !== undefined && serviceOf(a) === serviceOf(b)),
  },
  {
    name: 'headers-rank-within-route',
    title: 'A match with more headers goes before one with fewer of them in its own route only.',
    clauses: ['precedence-across-routes-specificity'],
    layers: ['routed'],
    hooks: () => olderFirst((a, b) => JSON.stringify(a.match.path) === JSON.stringify(b.match.path)),
  },
  {
    name: 'headers-before-method',
    title: 'The number of headers decides before service and method do.',
    clauses: ['precedence-method-before-headers', 'precedence-service-longest'],
    layers: ['routed'],
    hooks: () => ({ ir: reordered((a, b) => userHeaders(b) - userHeaders(a)) }),
  },
  {
    name: 'fewer-headers-win',
    title: 'Of matches that are otherwise equal the one with fewer headers wins.',
    clauses: ['precedence-header-count'],
    layers: ['routed'],
    hooks: () => ({
      ir: reordered((a, b) =>
        a.match.path.value === b.match.path.value ? userHeaders(a) - userHeaders(b) : 0,
      ),
    }),
  },
  {
    name: 'method-before-service',
    title: 'A match on the method alone beats a match on the service alone.',
    clauses: ['precedence-service-before-method'],
    layers: ['routed'],
    hooks: () => ({
      ir: reordered((a, b) => Number(b.match.path.type === 'regex') - Number(a.match.path.type === 'regex')),
    }),
  },
  {
    name: 'service-match-after-catch-all',
    title: 'A rule that matches everything comes before rules for a service.',
    clauses: ['precedence-service-longest', 'precedence-not-listing-order'],
    layers: ['routed'],
    hooks: () => ({
      ir: reordered((a, b) => Number(a.match.path.value !== '/') - Number(b.match.path.value !== '/')),
    }),
  },
  {
    name: 'edited-match-keeps-its-rank',
    title: 'A match that an edit makes more or less specific stays at the place that it had.',
    clauses: ['precedence-not-listing-order'],
    layers: ['routed', 'backend'],
    hooks: inEarlierOrder,
  },
  {
    name: 'newest-route-wins',
    title: 'Of routes with the same match the newest wins.',
    clauses: ['precedence-oldest-route'],
    layers: ['routed'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => ({
        ...route,
        metadata: {
          ...route.metadata,
          creationTimestamp: new Date(8e12 - timeOf(route.metadata.creationTimestamp)).toISOString(),
        },
      })),
    }),
  },
  {
    name: 'edit-makes-route-young',
    title: 'An edit takes a route its age: from then on others with the same match go first.',
    clauses: ['precedence-age-is-creation-time'],
    layers: ['routed'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const { creationTimestamp, generation = 1 } = route.metadata;
        if (generation < 2) return route;
        const younger = new Date(timeOf(creationTimestamp) + generation * 3_600_000).toISOString();
        return { ...route, metadata: { ...route.metadata, creationTimestamp: younger } };
      }),
    }),
  },
  {
    name: 'last-name-wins',
    title: 'Of routes with the same match the last by name wins.',
    clauses: ['precedence-alphabetical-route'],
    layers: ['routed'],
    hooks: () => amongEqual((a, b) => compareText(b.source.key, a.source.key)),
  },
  {
    name: 'names-in-natural-order',
    title: 'Of routes with the same match the first by name wins, where route-9 comes before route-10.',
    clauses: ['precedence-alphabetical-route'],
    layers: ['routed'],
    hooks: () =>
      amongEqual((a, b) => {
        const [left, right] = [withoutNumber(a), withoutNumber(b)];
        return left[0] === right[0] ? left[1] - right[1] : 0;
      }),
  },
  {
    name: 'ignored-duplicates-count',
    title: 'Of two header matches with equivalent names the first decides, and both count for the rank.',
    clauses: ['header-duplicate-no-rank'],
    layers: ['routed'],
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const seen = new Set<string>();
        const headers = (match.headers ?? []).map((header) => {
          const name = header.name.toLowerCase();
          if (seen.has(name)) return { type: 'RegularExpression', name: 'content-type', value: '.*' };
          seen.add(name);
          return header;
        });
        return match.headers === undefined ? match : { ...match, headers };
      }),
    }),
  },
  {
    name: 'name-before-namespace',
    title: 'Of routes with the same match the name is compared before the namespace.',
    clauses: ['precedence-alphabetical-namespace-first'],
    layers: ['routed'],
    hooks: () => amongEqual((a, b) => compareText(nameOf(a), nameOf(b))),
  },
  {
    name: 'last-rule-wins',
    title: 'Of rules of one route with the same match the last wins.',
    clauses: ['precedence-first-rule-in-route'],
    layers: ['routed'],
    hooks: () => amongEqual((a, b) => (a.source.key === b.source.key ? written(b) - written(a) : 0)),
  },
  {
    name: 'rule-ranks-by-best-match',
    title: 'All matches of a rule get the rank of its most specific one.',
    clauses: ['precedence-per-match-not-per-rule'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => {
        const first = (route: IrRoute): number =>
          host.routes.findIndex(
            (other) =>
              other.source.key === route.source.key && placeInRoute(other).rule === placeInRoute(route).rule,
          );
        return { ...host, routes: [...host.routes].sort((a, b) => first(a) - first(b)) };
      }),
    }),
  },
  {
    name: 'broken-rule-falls-through',
    title: 'A call whose rule has no usable backend goes on to the next rule that fits.',
    clauses: ['grpcroute-no-fallthrough-on-error'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) => (route.action.type === 'respond' ? undefined : route)),
    }),
  },
  {
    name: 'wildcard-beats-exact-host',
    title: 'Routes of a wildcard hostname take calls before those of the exact hostname.',
    clauses: ['precedence-nonwildcard-hostname-longest'],
    layers: ['routed'],
    hooks: () =>
      widerFirst(
        ({ hostname }) => !hostname.startsWith('*'),
        () => true,
      ),
  },
  {
    name: 'shorter-wildcard-wins',
    title: 'Of two wildcard hostnames the shorter takes the call.',
    clauses: ['precedence-hostname-longest'],
    layers: ['routed'],
    hooks: () =>
      widerFirst(
        ({ hostname }) => isWildcard(hostname),
        () => true,
      ),
  },
  {
    name: 'method-before-hostname',
    title: 'A rule with a method takes calls before the more precise hostname does.',
    clauses: ['precedence-hostname-before-service'],
    layers: ['routed'],
    hooks: () =>
      widerFirst(
        () => true,
        ({ match }) => match.path.type === 'exact' || match.path.value !== '/',
      ),
  },
  {
    name: 'no-fall-through-to-wildcard',
    title: 'A call that no rule of the exact hostname fits is refused, though the wildcard hostname has one.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => ({ ir: onHosts((host) => ({ ...host, fallThrough: false })) }),
  },
  {
    name: 'no-fall-through-from-wildcards',
    title: 'A call that no rule of its wildcard hostname fits is refused, though a wider wildcard has one.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => (isWildcard(host.hostname) ? { ...host, fallThrough: false } : host)),
    }),
  },
  {
    name: 'no-fall-through-to-any-host',
    title: 'A call that no rule of its hostname fits is refused, though a route without hostnames has one.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHostLists((hosts) =>
        hosts.map((host) => {
          const isCovered = hosts.some(
            ({ hostname }) =>
              isWildcard(hostname) && hostname !== host.hostname && covers(hostname, host.hostname),
          );
          return isCovered ? host : { ...host, fallThrough: false };
        }),
      ),
    }),
  },
  {
    name: 'ranked-by-intersection',
    title: 'A listener with a hostname makes all routes on it equal, whatever hostnames they wrote.',
    clauses: ['hostname-intersection-as-written'],
    layers: ['routed'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const parents = objects.gateways.filter((gateway) => namesGateway(route, gateway));
        const listeners = parents.flatMap(({ spec }) => spec.listeners ?? []);
        const isNarrowed = listeners.length > 0 && listeners.every(({ hostname }) => isExact(hostname));
        return isNarrowed ? { ...route, spec: { ...route.spec, hostnames: [] } } : route;
      }),
    }),
  },
  {
    name: 'pattern-against-exact-at-random',
    title: 'Chance decides between a pattern and an exact name that both fit.',
    clauses: ['precedence-regex-unspecified'],
    layers: ['routed'],
    hooks: () => ({
      xds: onVirtualHosts((routes) => {
        const patterns = routes.filter(
          ({ match }) => (match as Message | undefined)?.['safe_regex'] !== undefined,
        );
        const first = patterns.map((route) => ({
          ...route,
          match: { ...(route['match'] as Message), ...halfOfCalls },
        }));
        return [...first, ...routes];
      }),
    }),
  },
];

const isExact = (hostname: string | undefined): boolean =>
  hostname !== undefined && !hostname.startsWith('*');
