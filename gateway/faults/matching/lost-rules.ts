import { keyOf } from '../../../common/object-key.ts';
import type { Fault } from '../fault.ts';
import { onHosts } from '../hooks/ir.ts';
import { onGrpcRoutesWith, onObjects, onRules } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

/** Matches that are taken for one. */
export const collidingCases: readonly Fault[] = [
  {
    name: 'cases-of-a-method-collide',
    title: 'Of two matches that differ in letter case alone only the first takes calls.',
    clauses: ['method-exact-method-case-sensitive', 'method-exact-service-case-sensitive'],
    layers: ['routed'],
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

const layers: Fault['layers'] = ['routed', 'backend'];

/** Routes with more matches than most have. */
export const manyMatches: readonly Fault[] = [
  {
    name: 'matches-beyond-hundred-of-route-lost',
    title: 'Of a route with more than a hundred matches the rest is not served.',
    clauses: ['match-any-of-matches'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        let left = 100;
        const rules = (route.spec.rules ?? []).flatMap((rule) => {
          const matches = (rule.matches ?? []).slice(0, left);
          left -= matches.length;
          return rule.matches === undefined ? [rule] : matches.length === 0 ? [] : [{ ...rule, matches }];
        });
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
];

/** Rules that take whatever is left. */
export const laterCatchAlls: readonly Fault[] = [
  {
    name: 'later-catch-all-lost',
    title: 'A rule without matches takes no call where it is not the first one of its route.',
    clauses: ['match-omitted-matches-everything', 'precedence-not-listing-order'],
    layers,
    hooks: () => ({
      input: onRules((rule, index) => (index > 0 && (rule.matches ?? []).length === 0 ? undefined : rule)),
    }),
  },
];

/** Hostnames with more routes than most have. */
export const routesOfHosts: readonly Fault[] = [
  {
    name: 'routes-of-a-host-beyond-eight-lost',
    title: 'Of more than eight routes that share a hostname the first eight are served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const sources = [...new Set(host.routes.map(({ source }) => source.key))].sort().slice(0, 8);
        return { ...host, routes: host.routes.filter(({ source }) => sources.includes(source.key)) };
      }),
    }),
  },
];

/** Rules that are told apart by less than what they are. */
export const sameRules: readonly Fault[] = [
  {
    name: 'rule-names-collide-across-routes',
    title:
      'Of rules with one name in two routes of a namespace only that of the first route by name is served.',
    clauses: ['name-accepted'],
    layers: ['routed', 'backend'],
    hooks: () =>
      unseen(
        onGrpcRoutesWith((route, { objects }) => {
          const written = route.spec.rules ?? [];
          if (!written.some(({ name }) => name !== undefined)) return route;
          const taken = new Set(
            objects.grpcRoutes
              .filter(
                (other) =>
                  other.metadata.namespace === route.metadata.namespace && keyOf(other) < keyOf(route),
              )
              .flatMap(({ spec }) => (spec.rules ?? []).flatMap(({ name }) => name ?? [])),
          );
          const rules = written.filter(({ name }) => name === undefined || !taken.has(name));
          if (rules.length === written.length) return route;
          return rules.length === 0 ? undefined : { ...route, spec: { ...route.spec, rules } };
        }),
      ),
  },
];
