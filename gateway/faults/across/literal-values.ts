import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, unmatchable } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits the values that filters of a rule set. */
function onSetValues(
  field: 'requestHeaders' | 'responseHeaders',
  edit: (value: string) => string,
): FaultHooks {
  return {
    ir: onGrpcRoutes((route) => ({
      ...route,
      [field]: {
        ...route[field],
        set: route[field].set.map(({ name, value }) => ({ name, value: edit(value) })),
      },
    })),
  };
}

const withoutVariables = (value: string): string => value.replaceAll(/\$(\w+|\{\w+\})/g, 'none');

/** Values of matches that are written into a language of rules as they are. */
export const literalMatches: readonly Fault[] = [
  {
    name: 'backslash-in-header-value-never-matches',
    title: 'An Exact match on a header value with a backslash takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes('\\') && match.type === 'exact') }),
  },
  {
    name: 'backtick-in-header-value-never-matches',
    title: 'An Exact match on a header value with a backtick takes no call.',
    clauses: ['header-exact-value'],
    layers,
    reference: 'traefik/traefik#12753',
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes('`')) }),
  },
  {
    name: 'dollar-in-header-value-never-matches',
    title: 'An Exact match on a header value with a dollar sign takes no call where a name follows it.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ match }) => match.type === 'exact' && withoutVariables(match.value) !== match.value),
    }),
  },
];

/** Values of filters that are written into a configuration as they are. */
export const literalFilters: readonly Fault[] = [
  {
    name: 'variables-in-filter-values-expanded',
    title: 'What a filter sets may name variables: $host becomes what the proxy knows by that name.',
    clauses: ['filter-request-header-set'],
    layers,
    reference: 'nginx/nginx-gateway-fabric#5008',
    hooks: () => onSetValues('requestHeaders', withoutVariables),
  },
  {
    name: 'variables-in-answer-values-expanded',
    title:
      'What a filter sets on answers may name variables: $host becomes what the proxy knows by that name.',
    clauses: ['filter-response-header-set'],
    layers: [...layers, 'trailers'],
    reference: 'nginx/nginx-gateway-fabric#5008',
    hooks: () => onSetValues('responseHeaders', withoutVariables),
  },
  {
    name: 'quotes-in-filter-values-lost',
    title: 'Quotes and backslashes are taken out of what a filter sets.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () => onSetValues('requestHeaders', (value) => value.replaceAll(/["\\]/g, '')),
  },
];
