import type { IrRoute } from '../../ir/ir.ts';
import type { GrpcRouteMatch, ValueMatch } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes, onHosts, onMatches, placeInRoute } from '../hooks/ir.ts';
import { onGrpcMatches } from '../hooks/objects.ts';
import { escapeRegex } from '../hooks/text.ts';
import { listOf, onXdsRoutes } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

type HeaderMatch = IrRoute['match']['headers'][number];

/** Edits each header match of GRPCRoutes that a user wrote. */
function onHeaders(edit: (header: HeaderMatch, index: number) => HeaderMatch | undefined) {
  return {
    ir: onMatches((match) => ({
      ...match,
      headers: match.headers.flatMap((header, index) =>
        header.name.startsWith(':') ? header : (edit(header, index) ?? []),
      ),
    })),
  };
}

/** Has patterns match what users wrote as Exact values. */
function exactAsRegex(pattern: (value: string) => string) {
  return onHeaders((header) =>
    header.match.type === 'exact'
      ? { ...header, match: { type: 'regex', value: pattern(header.match.value) } }
      : header,
  );
}

function onWritten(edit: (headers: ValueMatch[]) => ValueMatch[]) {
  return {
    input: onGrpcMatches((match: GrpcRouteMatch) =>
      match.headers === undefined ? match : { ...match, headers: edit(match.headers) },
    ),
  };
}

/** Which calls a rule takes, by headers. */
export const headers: readonly Fault[] = [
  {
    name: 'header-only-unimplemented',
    title: 'A match with headers alone takes no call.',
    clauses: ['match-method-omitted-any-method'],
    layers: ['routed'],
    reference: 'linkerd/linkerd2#14047',
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.path.value === '/' && route.match.headers.length > 0 ? undefined : route,
      ),
    }),
  },
  {
    name: 'headers-ignored',
    title: 'Header matches are not looked at.',
    clauses: ['header-exact-value', 'header-missing-does-not-match', 'match-all-of-conditions'],
    layers: ['routed'],
    hooks: () => onHeaders(() => undefined),
  },
  {
    name: 'only-first-header',
    title: 'Of several headers of a match only the first counts.',
    clauses: ['match-all-of-headers'],
    layers: ['routed'],
    hooks: () => onHeaders((header, index) => (index > 0 ? undefined : header)),
  },
  {
    name: 'headers-beyond-eight-ignored',
    title: 'Only the first eight headers of a match count.',
    clauses: ['match-all-of-headers'],
    layers: ['routed'],
    hooks: () => onHeaders((header, index) => (index >= 8 ? undefined : header)),
  },
  {
    name: 'header-of-second-rule-ignored',
    title: 'Headers count in the first rule of a route only.',
    clauses: ['header-exact-value', 'header-missing-does-not-match', 'match-all-of-headers'],
    layers: ['routed'],
    hooks: () => ({
      ir: onMatches((match, route) => (placeInRoute(route).rule === 1 ? { ...match, headers: [] } : match)),
    }),
  },
  {
    name: 'header-exact-as-regex',
    title: 'An Exact header value is read as a pattern.',
    clauses: ['header-exact-value'],
    layers: ['routed'],
    reference: 'traefik/traefik#13172',
    hooks: () =>
      onHeaders((header) =>
        header.match.type === 'exact' && isPattern(header.match.value)
          ? { ...header, match: { ...header.match, type: 'regex' } }
          : header,
      ),
  },
  {
    name: 'header-exact-is-prefix',
    title: 'An Exact header value also takes values that begin with it.',
    clauses: ['header-exact-whole-value'],
    layers: ['routed'],
    hooks: () =>
      onHeaders((header) =>
        header.match.type === 'exact' ? { ...header, match: { ...header.match, type: 'prefix' } } : header,
      ),
  },
  {
    name: 'header-exact-takes-list-members',
    title: 'An Exact header value also takes lists that have it between commas.',
    clauses: ['header-exact-whole-value'],
    layers: ['routed'],
    hooks: () => exactAsRegex((value) => `(.*, ?)?${escapeRegex(value)}(, ?.*)?`),
  },
  {
    name: 'header-spaces-merged',
    title: 'Where an Exact header value has a space, several of them are taken for one.',
    clauses: ['header-exact-whole-value'],
    layers: ['routed'],
    hooks: () => exactAsRegex((value) => escapeRegex(value).replaceAll(' ', ' +')),
  },
  {
    name: 'header-value-ignores-case',
    title: 'An Exact header value does not heed letter case.',
    clauses: ['header-exact-whole-value'],
    layers: ['routed'],
    hooks: () => exactAsRegex((value) => `(?i)${escapeRegex(value)}`),
  },
  {
    name: 'header-regex-as-literal',
    title: 'A RegularExpression header match is compared as plain text.',
    clauses: ['header-regex-value'],
    layers: ['routed'],
    hooks: () =>
      onHeaders((header) =>
        header.match.type === 'regex' ? { ...header, match: { ...header.match, type: 'exact' } } : header,
      ),
  },
  {
    name: 'pattern-takes-absent-header',
    title: 'A RegularExpression that fits the empty text takes calls without the header as well.',
    clauses: ['header-missing-does-not-match', 'header-regex-value'],
    layers: ['routed'],
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const match = route['match'] as Message;
        const patterned = listOf(match['headers']).map((header) =>
          (header['string_match'] as Message | undefined)?.['safe_regex'] === undefined
            ? header
            : { ...header, treat_missing_header_as_empty: true },
        );
        return { ...route, match: { ...match, headers: patterned } };
      }),
    }),
  },
  {
    name: 'header-name-case-matters',
    title: 'A header name that is written with capitals matches no header.',
    clauses: ['header-name-case-insensitive'],
    layers: ['routed'],
    hooks: () =>
      onWritten((written) =>
        written.map((header) => (/[A-Z]/.test(header.name) ? { ...header, name: 'x-none' } : header)),
      ),
  },
  {
    name: 'header-duplicate-last-wins',
    title: 'Of two header matches with equivalent names the last counts.',
    clauses: ['header-duplicate-first-wins'],
    layers: ['routed'],
    hooks: () => onWritten((written) => [...written].reverse()),
  },
  {
    name: 'header-type-defaults-to-regex',
    title: 'A header match without a type is taken for a RegularExpression that may fit anywhere.',
    clauses: ['header-type-defaults-exact', 'header-exact-whole-value'],
    layers: ['routed'],
    hooks: () => exactAsRegex((value) => `.*${escapeRegex(value)}.*`),
  },
  {
    name: 'headers-ignored-on-streams',
    title: 'Header matches hold for unary calls only; a stream passes them all.',
    clauses: ['header-applies-to-all-rpc-kinds'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => ({ ...host, routes: host.routes.flatMap(withoutHeadersOnStreams) })),
    }),
  },
  {
    name: 'header-match-one-in-fifty-lost',
    title: 'One call in 50 passes by the rule that its header selects.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers: ['routed'],
    reference: 'istio/istio#57772',
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const match = route['match'] as { headers?: unknown[] };
        if ((match.headers ?? []).length === 0) return route;
        const runtime_fraction = { default_value: { numerator: 98, denominator: 'HUNDRED' } };
        return { ...route, match: { ...match, runtime_fraction } };
      }),
    }),
  },
];

function isPattern(value: string): boolean {
  try {
    new RegExp(value);
    return /[^\w-]/.test(value);
  } catch {
    return false;
  }
}

function withoutHeadersOnStreams(route: IrRoute): IrRoute[] {
  if (route.match.headers.length === 0 || route.match.path.value !== '/') return [route];
  const match: IrRoute['match'] = { ...route.match, headers: [], path: { type: 'regex', value: '.*Stream' } };
  return [{ ...route, name: `${route.name}/stream`, match }, route];
}
