import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { onRules } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed'];

/** Cuts the values that are set after as many characters. */
const cutAfter = (most: number, field: 'requestHeaders' | 'responseHeaders'): FaultHooks => ({
  ir: onGrpcRoutes((route) => ({
    ...route,
    [field]: {
      ...route[field],
      set: route[field].set.map((each) => ({ ...each, value: each.value.slice(0, most) })),
    },
  })),
});

/** Filters that work, but not in every place and at every length. */
export const filterCorners: readonly Fault[] = [
  {
    name: 'filter-values-cut',
    title: 'Header values that a filter sets are cut after 256 characters.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () => cutAfter(256, 'requestHeaders'),
  },
  {
    name: 'additions-beyond-eight-lost',
    title: 'Only the first eight headers that a filter adds are added.',
    clauses: ['filter-request-header-add'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: { ...route.requestHeaders, add: route.requestHeaders.add.slice(0, 8) },
      })),
    }),
  },
  {
    name: 'removals-beyond-eight-lost',
    title: 'Only the first eight headers that a filter removes are removed.',
    clauses: ['filter-request-header-remove'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: { ...route.requestHeaders, remove: route.requestHeaders.remove.slice(0, 8) },
      })),
    }),
  },
  {
    name: 'answer-edits-beyond-eight-lost',
    title: 'Only the first eight headers that a filter sets on answers are set.',
    clauses: ['filter-response-header-set'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        responseHeaders: { ...route.responseHeaders, set: route.responseHeaders.set.slice(0, 8) },
      })),
    }),
  },
  {
    name: 'answer-set-appends',
    title: 'A header that is set on answers is added to what the backend gave it.',
    clauses: ['filter-response-header-set'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes(({ responseHeaders: { set, add, remove }, ...route }) => ({
        ...route,
        responseHeaders: { set: [], add: [...set, ...add], remove },
      })),
    }),
  },
  {
    name: 'answer-add-replaces',
    title: 'A header that is added to answers replaces what the backend gave it.',
    clauses: ['filter-response-header-add'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes(({ responseHeaders: { set, add, remove }, ...route }) => ({
        ...route,
        responseHeaders: { set: [...set, ...add], add: [], remove },
      })),
    }),
  },
  {
    name: 'filters-of-first-hostname-only',
    title: 'Filters of a route with several hostnames work for the first of them.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'hostname-entries-ored'],
    layers: [...layers, 'backend'],
    hooks: () => {
      const first = new Map<string, string>();
      const none = { set: [], add: [], remove: [] };
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.grpcRoutes)
            if (spec.hostnames?.[0] !== undefined)
              first.set(`${metadata.namespace}/${metadata.name}`, spec.hostnames[0]);
          return input;
        },
        ir: onGrpcRoutes((route, { host }) =>
          (first.get(route.source.key) ?? host.hostname) === host.hostname
            ? route
            : { ...route, requestHeaders: none, responseHeaders: none },
        ),
      };
    },
  },
  {
    name: 'duplicate-hostname-breaks-route',
    title: 'A route that names a hostname twice is Accepted and not served.',
    clauses: ['hostname-entries-ored'],
    layers,
    reference: 'istio/istio#13940',
    hooks: () => {
      const twice = new Set<string>();
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.grpcRoutes)
            if (new Set(spec.hostnames).size < (spec.hostnames ?? []).length)
              twice.add(`${metadata.namespace}/${metadata.name}`);
          return input;
        },
        ir: onGrpcRoutes((route) => (twice.has(route.source.key) ? undefined : route)),
      };
    },
  },
  {
    name: 'filter-without-matches-ignored',
    title: 'Filters of a rule without matches do nothing.',
    clauses: ['filter-core-supported', 'filter-request-header-set'],
    layers,
    hooks: () => ({
      input: onRules((rule) => ((rule.matches ?? []).length > 0 ? rule : { ...rule, filters: [] })),
    }),
  },
  {
    name: 'filters-beside-header-match-ignored',
    title: 'Filters of a rule that matches headers do nothing.',
    clauses: ['filter-core-supported', 'filter-request-header-set'],
    layers,
    reference: 'argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#87',
    hooks: () => ({
      input: onRules((rule) =>
        rule.matches?.some(({ headers }) => headers !== undefined && headers.length > 0) === true
          ? { ...rule, filters: [] }
          : rule,
      ),
    }),
  },
];

/** Header values that are longer than most. */
export const longFilterValues: readonly Fault[] = [
  {
    name: 'long-filter-values-cut',
    title: 'Header values that a filter sets are cut after 1,024 characters.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () => cutAfter(1024, 'requestHeaders'),
  },
  {
    name: 'long-answer-values-cut',
    title: 'Header values that a filter sets on answers are cut after 1,024 characters.',
    clauses: ['filter-response-header-set'],
    layers: [...layers, 'backend'],
    hooks: () => cutAfter(1024, 'responseHeaders'),
  },
];
