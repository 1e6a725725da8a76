import type { IrBackend, IrRoute } from '../../ir/ir.ts';
import { keyOf } from '../../../common/object-key.ts';
import { isWildcard } from '../../translate/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards, onGrpcRoutes, onHosts, placeInRoute, reordered, unmatchable } from '../hooks/ir.ts';
import type { RoutePlace } from '../hooks/ir.ts';
import { gatewayOf, onObjects } from '../hooks/objects.ts';
import { onParents } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits what is served at every hostname of a route but the first. */
function onLaterHostnames(edit: (route: IrRoute, place: RoutePlace) => IrRoute): FaultHooks {
  const first = new Map<string, string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes)
        if (route.spec.hostnames?.[0] !== undefined) first.set(keyOf(route), route.spec.hostnames[0]);
      return input;
    },
    ir: onGrpcRoutes((route, place) =>
      (first.get(route.source.key) ?? place.host.hostname) === place.host.hostname
        ? route
        : edit(route, place),
    ),
  };
}

/** All calls to the first backend. */
const firstTakesAll = (route: IrRoute): IrRoute =>
  route.action.type === 'forward'
    ? { ...route, action: { ...route.action, backends: route.action.backends.slice(0, 1) } }
    : route;

/** Puts those of a route that match three headers or more, and are otherwise equal, in the order of their names. */
function threeHeadersAtMost(routes: IrRoute[]): IrRoute[] {
  const rankOf = ({ source, match }: IrRoute): string | undefined =>
    match.headers.length < 3 ? undefined : JSON.stringify([source.key, match.path]);
  return routes.map((route) => {
    const rank = rankOf(route);
    if (rank === undefined) return route;
    const equals = routes.filter((each) => rankOf(each) === rank);
    const byName = equals.toSorted((left, right) => left.name.localeCompare(right.name));
    return byName[equals.indexOf(route)] ?? route;
  });
}

/** Matches that go wrong for what they match, and for where they stand. */
export const matchReach: readonly Fault[] = [
  {
    name: 'comma-in-header-value-never-matches',
    title: 'An Exact match on a header value with a comma takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ match }) => match.value.includes(',')),
    }),
  },
  {
    name: 'headers-of-the-protocol-never-match',
    title: 'A match on user-agent or authorization takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ name }) => ['user-agent', 'authorization'].includes(name)),
    }),
  },
  {
    name: 'user-agent-never-matches',
    title: 'A match on user-agent takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ name }) => name === 'user-agent') }),
  },
  {
    name: 'headers-of-later-hostnames-ignored',
    title: 'Header matches of a route with several hostnames hold for the first of them.',
    clauses: ['header-exact-value', 'hostname-entries-ored'],
    layers,
    hooks: () => onLaterHostnames((route) => ({ ...route, match: { ...route.match, headers: [] } })),
  },
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

/** Weights that hold for a part of the calls only. */
export const weightReach: readonly Fault[] = [
  {
    name: 'weights-of-later-hostnames-ignored',
    title: 'Calls to the second hostname of a route all go to the first backend of their rule.',
    clauses: ['weight-proportional', 'hostname-entries-ored'],
    layers,
    hooks: () => onLaterHostnames(firstTakesAll),
  },
  {
    name: 'weights-of-later-matches-ignored',
    title: 'Calls that the second match of a rule takes all go to its first backend.',
    clauses: ['weight-proportional', 'match-any-of-matches'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => (placeInRoute(route).match === 0 ? route : firstTakesAll(route))),
    }),
  },
  {
    name: 'small-shares-lost',
    title: 'A backend whose share is less than two percent gets no calls.',
    clauses: ['weight-proportional'],
    layers,
    hooks: () => ({
      ir: onForwards((action) => {
        const sum = action.backends.reduce((total, { weight }) => total + weight, 0);
        const isLarge = ({ weight }: IrBackend): boolean => weight / sum >= 0.02;
        return action.backends.every(isLarge)
          ? action
          : { ...action, backends: action.backends.filter(isLarge) };
      }),
    }),
  },
  {
    name: 'lone-zero-weight-served',
    title: 'The only backend of a rule gets its calls although its weight is 0.',
    clauses: ['weight-zero-no-traffic', 'weight-all-zero'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => ({
        ...route,
        spec: {
          ...route.spec,
          rules: (route.spec.rules ?? []).map((rule) => {
            const [only, ...others] = rule.backendRefs ?? [];
            return only === undefined || others.length > 0 || only.weight !== 0
              ? rule
              : { ...rule, backendRefs: [{ ...only, weight: 1 }] };
          }),
        },
      })),
    }),
  },
];

/** Which of the rules that fit takes a call. */
export const precedenceReach: readonly Fault[] = [
  {
    name: 'headers-beyond-three-do-not-rank',
    title: 'A match with more than three headers ranks like one with three.',
    clauses: ['precedence-header-count'],
    layers,
    hooks: () => ({ ir: onHosts((host) => ({ ...host, routes: threeHeadersAtMost(host.routes) })) }),
  },
  {
    name: 'first-namespace-goes-first',
    title:
      'Of routes of two namespaces that share a hostname, those of the first by name take all calls that fit.',
    clauses: ['precedence-across-routes-specificity', 'precedence-not-listing-order'],
    layers,
    hooks: () => ({
      ir: reordered((left, right) => {
        const [one = ''] = left.source.key.split('/');
        const [other = ''] = right.source.key.split('/');
        return one.localeCompare(other);
      }),
    }),
  },
];

/** Hostnames that reach too far, or not far enough. */
export const hostnameReach: readonly Fault[] = [
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
