import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { GrpcRouteMatch } from '../../translate/gateway-api.ts';
import { isWildcard } from '../../translate/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHosts, placeInRoute, unmatchable } from '../hooks/ir.ts';
import { onGrpcMatches, onRules } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const withoutHeaders = ({ headers: _headers, ...match }: GrpcRouteMatch): GrpcRouteMatch => match;

/** Leaves the headers of such matches away. */
const headersIgnoredIn = (
  isMeant: (method: NonNullable<GrpcRouteMatch['method']>) => boolean,
): FaultHooks => ({
  input: onGrpcMatches((match) =>
    match.method !== undefined && isMeant(match.method) ? withoutHeaders(match) : match,
  ),
});

/** Edits what is served at wildcard hostnames. */
const underWildcards = (edit: (route: IrRoute) => IrRoute): FaultHooks => ({
  ir: onGrpcRoutes((route, { host }) => (isWildcard(host.hostname) ? edit(route) : route)),
});

/** Matches that go wrong beside others, or under a wildcard. */
export const mixedMatches: readonly Fault[] = [
  {
    name: 'pattern-beside-exact-header-ignored',
    title: 'Of a match with Exact and RegularExpression headers only the Exact ones count.',
    clauses: ['match-all-of-headers', 'header-regex-value'],
    layers,
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const exact = (match.headers ?? []).filter(({ type }) => type !== 'RegularExpression');
        return exact.length === 0 ? match : { ...match, headers: exact };
      }),
    }),
  },
  {
    name: 'headers-beside-pattern-ignored',
    title: 'Headers beside a method that is matched by RegularExpression are not looked at.',
    clauses: ['match-all-of-conditions', 'method-regex-service-and-method'],
    layers,
    hooks: () => headersIgnoredIn(({ type }) => type === 'RegularExpression'),
  },
  {
    name: 'headers-beside-lone-method-ignored',
    title: 'Headers beside a method without a service are not looked at.',
    clauses: ['match-all-of-conditions', 'method-exact-method-only'],
    layers,
    hooks: () => headersIgnoredIn(({ service = '', method = '' }) => service === '' && method !== ''),
  },
  {
    name: 'headers-beside-lone-service-ignored',
    title: 'Headers beside a service without a method are not looked at.',
    clauses: ['match-all-of-conditions', 'method-exact-service-only'],
    layers,
    hooks: () => headersIgnoredIn(({ service = '', method = '' }) => service !== '' && method === ''),
  },
  {
    name: 'space-in-header-value-never-matches',
    title: 'An Exact match on a header value with a space takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes(' ')) }),
  },
  {
    name: 'underscored-header-never-matches',
    title: 'A match on a header whose name has an underscore takes no call.',
    clauses: ['header-exact-value'],
    layers,
    reference: 'kubernetes/ingress-nginx#5863',
    hooks: () => ({ ir: unmatchable(({ name }) => name.includes('_')) }),
  },
  {
    name: 'later-catch-all-lost',
    title: 'A rule without matches takes no call where it is not the first one of its route.',
    clauses: ['match-omitted-matches-everything', 'precedence-not-listing-order'],
    layers,
    hooks: () => ({
      input: onRules((rule, index) => (index > 0 && (rule.matches ?? []).length === 0 ? undefined : rule)),
    }),
  },
  {
    name: 'headers-ignored-under-wildcards',
    title: 'Header matches do not hold under a wildcard hostname.',
    clauses: ['header-exact-value', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => underWildcards((route) => ({ ...route, match: { ...route.match, headers: [] } })),
  },
  {
    name: 'methods-ignored-under-wildcards',
    title: 'Methods are not looked at under a wildcard hostname.',
    clauses: ['method-exact-service-and-method', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      underWildcards((route) => ({
        ...route,
        match: { ...route.match, path: { type: 'prefix', value: '/' } },
      })),
  },
];

/** Filters, splits and mirrors that do nothing under a wildcard hostname. */
export const filtersUnderWildcards: readonly Fault[] = [
  {
    name: 'filters-ignored-under-wildcards',
    title: 'Filters are accepted and do nothing under a wildcard hostname.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => {
      const none = { set: [], add: [], remove: [] };
      return underWildcards((route) => ({
        ...route,
        requestHeaders: none,
        responseHeaders: none,
        mirrors: [],
      }));
    },
  },
];

export const weightsUnderWildcards: readonly Fault[] = [
  {
    name: 'weights-ignored-under-wildcards',
    title: 'All backends of a rule get the same share under a wildcard hostname.',
    clauses: ['weight-proportional', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      underWildcards((route) => {
        const { action } = route;
        if (action.type !== 'forward') return route;
        const backends = action.backends.map((backend) => ({ ...backend, weight: 1 }));
        return { ...route, action: { ...action, backends } };
      }),
  },
];

/** Orders those routes of a host anew that match the same, at the places that they have. */
function tiesBy(compare: (left: IrRoute, right: IrRoute, gatewayKey: string) => number): FaultHooks {
  return {
    ir: onHosts((host, { gateway }): IrHost => {
      const groups = Map.groupBy(host.routes, ({ match }) => JSON.stringify(match));
      const ordered = new Map(
        [...groups].map(([text, group]) => [
          text,
          group.toSorted((left, right) => compare(left, right, gateway.key)).values(),
        ]),
      );
      const routes = host.routes.map(
        (route) => ordered.get(JSON.stringify(route.match))?.next().value ?? route,
      );
      return { ...host, routes };
    }),
  };
}

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

/** Who goes first where matches are the same, and where the order of a listing counts instead. */
export const ties: readonly Fault[] = [
  {
    name: 'earlier-rule-beats-older-route',
    title: 'Of two routes with the same match the one goes first whose rule comes earlier in its list.',
    clauses: ['precedence-oldest-route', 'precedence-alphabetical-route'],
    layers,
    hooks: () => tiesBy((left, right) => ruleOf(left) - ruleOf(right)),
  },
  {
    name: 'earlier-match-beats-earlier-rule',
    title: 'Of two rules with the same match the one goes first whose match comes earlier in its list.',
    clauses: ['precedence-first-rule-in-route'],
    layers,
    hooks: () =>
      tiesBy((left, right) => (left.source.key === right.source.key ? matchOf(left) - matchOf(right) : 0)),
  },
  {
    name: 'routes-of-own-namespace-first',
    title: 'Of routes with the same match the one in the namespace of the Gateway goes first, however young.',
    clauses: ['precedence-oldest-route', 'precedence-alphabetical-namespace-first'],
    layers,
    hooks: () =>
      tiesBy((left, right, gatewayKey) => {
        const [own = ''] = gatewayKey.split('/');
        const isForeign = ({ source }: IrRoute): number => (source.key.startsWith(`${own}/`) ? 0 : 1);
        return isForeign(left) - isForeign(right);
      }),
  },
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
