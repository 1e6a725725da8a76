import type { GrpcRouteRule, RouteFilter } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { byChance, chanceName } from '../hooks/chance.ts';
import { onObjects } from '../hooks/objects.ts';

const isExtension = ({ type }: RouteFilter): boolean => type === 'ExtensionRef';

/** The rule for a part of its calls, in percent, without its custom filters. */
function unfiltered(
  { filters = [], matches = [{}], ...rule }: GrpcRouteRule,
  percent: number,
): GrpcRouteRule {
  return {
    ...rule,
    filters: filters.filter((filter) => !isExtension(filter)),
    matches: matches.map((match) => ({
      ...match,
      headers: [...(match.headers ?? []), { name: chanceName(percent), value: 'yes' }],
    })),
  };
}

/** Custom filters that not every call meets. */
export const extensionsByChance: readonly Fault[] = [
  {
    name: 'extension-ref-skipped-once-in-fifty',
    title: 'One call in 50 passes without the custom filter of its rule that nobody knows.',
    clauses: ['filter-extensionref-unresolved-not-skipped'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const rules = route.spec.rules ?? [];
        const filtered = rules.filter(({ filters = [] }) => filters.some(isExtension));
        if (filtered.length === 0) return route;
        const twins = filtered.map((rule) => unfiltered(rule, 2));
        return { ...route, spec: { ...route.spec, rules: [...rules, ...twins] } };
      }),
      xds: byChance,
    }),
  },
];
