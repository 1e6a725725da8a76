import type { IrRoute } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { onHosts, placeInRoute } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Puts those of a route that match so many headers or more, and are otherwise equal, in the order of their names. */
function rankedUpTo(most: number, routes: IrRoute[]): IrRoute[] {
  const rankOf = ({ source, match }: IrRoute): string | undefined =>
    match.headers.length < most ? undefined : JSON.stringify([source.key, match.path]);
  return routes.map((route) => {
    const rank = rankOf(route);
    if (rank === undefined) return route;
    const equals = routes.filter((each) => rankOf(each) === rank);
    const byName = equals.toSorted((left, right) => left.name.localeCompare(right.name));
    return byName[equals.indexOf(route)] ?? route;
  });
}

/** Ranks of rules with many headers. */
export const manyHeaders: readonly Fault[] = [
  {
    name: 'headers-beyond-three-do-not-rank',
    title: 'A match with more than three headers ranks like one with three.',
    clauses: ['precedence-header-count'],
    layers,
    hooks: () => ({ ir: onHosts((host) => ({ ...host, routes: rankedUpTo(3, host.routes) })) }),
  },
];

const sameMatch = (left: IrRoute, right: IrRoute): boolean =>
  left.source.key === right.source.key && JSON.stringify(left.match) === JSON.stringify(right.match);

/** Ranks that are right as long as few rules, or no patterns, have to be ranked. */
export const fartherRanks: readonly Fault[] = [
  {
    name: 'tenth-rule-before-second',
    title:
      'Rules of one route with the same match are ordered by their numbers as text, so the tenth comes before the second.',
    clauses: ['precedence-first-rule-in-route'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => {
        const textOf = (route: IrRoute): string => String(placeInRoute(route).rule);
        const routes = host.routes.map((route) => {
          const group = host.routes.filter((other) => sameMatch(other, route));
          const ordered = group.toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
          return group.length < 2 ? route : (ordered[group.indexOf(route)] ?? route);
        });
        return { ...host, routes };
      }),
    }),
  },
  {
    name: 'patterns-do-not-rank',
    title: 'Where the number of header matches decides only the Exact ones count.',
    clauses: ['precedence-header-count'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => {
        const isPattern = (header: IrRoute['match']['headers'][number]): boolean =>
          header.match.type === 'regex' && !header.name.startsWith(':');
        const rankOf = ({ match, source }: IrRoute): string =>
          JSON.stringify([source.key, match.path, match.headers.filter((each) => !isPattern(each)).length]);
        const written = (route: IrRoute): number =>
          placeInRoute(route).rule * 1000 + placeInRoute(route).match;
        const routes = host.routes.map((route) => {
          const group = host.routes.filter((other) => rankOf(other) === rankOf(route));
          if (!group.some(({ match }) => match.headers.some(isPattern))) return route;
          const ordered = group.toSorted((left, right) => written(left) - written(right));
          return ordered[group.indexOf(route)] ?? route;
        });
        return { ...host, routes };
      }),
    }),
  },
];

/** How long the service of a match is that names nothing else, or the method; undefined for any other. */
function lengthOfOnlyPart({ source, match: { path } }: IrRoute): number | undefined {
  if (source.kind !== 'GRPCRoute') return undefined;
  const [, name] =
    (path.type === 'prefix'
      ? /^\/([^/]+)\/$/.exec(path.value)
      : path.type === 'regex'
        ? /^\/\[\^\/\]\+\/(\w+)$/.exec(path.value)
        : null) ?? [];
  return name?.length;
}

/** Ranks that compare, or count, a little less than they should. */
export const comparedRanks: readonly Fault[] = [
  {
    name: 'service-and-method-lengths-compared',
    title: 'A match on a method alone beats one on a service alone whose name is shorter.',
    clauses: ['precedence-service-before-method'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const group = host.routes.filter((route) => lengthOfOnlyPart(route) !== undefined);
        const ordered = group
          .toSorted((left, right) => (lengthOfOnlyPart(right) ?? 0) - (lengthOfOnlyPart(left) ?? 0))
          .values();
        const routes = host.routes.map((route) =>
          lengthOfOnlyPart(route) === undefined ? route : (ordered.next().value ?? route),
        );
        return { ...host, routes };
      }),
    }),
  },
  {
    name: 'headers-beyond-eight-do-not-rank',
    title: 'A match with more than eight headers ranks like one with eight.',
    clauses: ['precedence-header-count'],
    layers,
    hooks: () => ({ ir: onHosts((host) => ({ ...host, routes: rankedUpTo(8, host.routes) })) }),
  },
];
