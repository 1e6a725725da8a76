import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { withoutVariables } from '../hooks/text.ts';

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
