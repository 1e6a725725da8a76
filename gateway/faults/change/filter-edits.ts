import type { GrpcRouteRule, RouteBackendRef, RouteFilter } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits each rule of a GRPCRoute beside the one that was at its place first. */
const besideFirstRule = (edit: (now: GrpcRouteRule, first: GrpcRouteRule) => GrpcRouteRule): FaultHooks =>
  besideFirst('grpcRoutes', (now, first) => {
    const rules = (now.spec.rules ?? []).map((rule, index) => edit(rule, first.spec.rules?.[index] ?? rule));
    return { ...now, spec: { ...now.spec, rules } };
  });

const ofType =
  (type: string) =>
  (filter: RouteFilter): boolean =>
    filter.type === type;

/** A rule keeps the filters of one type that it had at first. */
const frozenFilters = (type: string): FaultHooks =>
  besideFirstRule((rule, first) => {
    const others = (rule.filters ?? []).filter((filter) => filter.type !== type);
    return { ...rule, filters: [...others, ...(first.filters ?? []).filter(ofType(type))] };
  });

/** A rule that had no filter of one type at first gets none. */
const notLater = (type: string): FaultHooks =>
  besideFirstRule((rule, first) =>
    (first.filters ?? []).some(ofType(type))
      ? rule
      : { ...rule, filters: (rule.filters ?? []).filter((filter) => filter.type !== type) },
  );

const withFilters = (
  { filters: _now, ...ref }: RouteBackendRef,
  filters?: RouteFilter[],
): RouteBackendRef => ({
  ...ref,
  ...(filters && { filters }),
});

/** Filters that come, go or change, each by itself; other edits are followed. */
export const filterEdits: readonly Fault[] = [
  {
    name: 'later-mirror-ignored',
    title: 'A mirror that a rule gets when it has been served without one gets no calls.',
    clauses: ['filter-mirror-copies-calls', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () => notLater('RequestMirror'),
  },
  {
    name: 'removed-mirror-kept',
    title: 'A mirror that a rule loses goes on getting copies of its calls.',
    clauses: ['grpcroute-update-takes-effect', 'filter-scope-is-rule'],
    layers,
    hooks: () =>
      besideFirstRule((rule, first) => {
        const filters = rule.filters ?? [];
        if (filters.some(ofType('RequestMirror'))) return rule;
        return { ...rule, filters: [...filters, ...(first.filters ?? []).filter(ofType('RequestMirror'))] };
      }),
  },
  {
    name: 'answer-filter-edits-ignored',
    title: 'An edit of a ResponseHeaderModifier changes nothing; other edits are followed.',
    clauses: ['filter-response-header-set', 'grpcroute-update-takes-effect'],
    layers: [...layers, 'trailers'],
    hooks: () => frozenFilters('ResponseHeaderModifier'),
  },
  {
    name: 'backend-filter-edits-ignored',
    title: 'An edit of the filters of a backendRef changes nothing; other edits are followed.',
    clauses: ['filter-backend-level-only-there', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideFirstRule((rule, first) => {
        if (rule.backendRefs === undefined) return rule;
        const backendRefs = rule.backendRefs.map((ref) => {
          const before = first.backendRefs?.find(({ name, port }) => name === ref.name && port === ref.port);
          return before === undefined ? ref : withFilters(ref, before.filters);
        });
        return { ...rule, backendRefs };
      }),
  },
  {
    name: 'later-extension-ref-skipped',
    title:
      'A custom filter that nobody knows and that a rule gets later is left out, and its calls pass without it.',
    clauses: ['filter-extensionref-unresolved-not-skipped', 'filter-extensionref-unresolved-error'],
    layers: [...layers, 'status'],
    hooks: () => notLater('ExtensionRef'),
  },
  {
    name: 'removed-extension-ref-goes-on-failing',
    title: 'A rule that loses a custom filter that nobody knows goes on failing its calls.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstRule((rule, first) =>
        (first.filters ?? []).some(ofType('ExtensionRef')) ? { ...rule, filters: first.filters ?? [] } : rule,
      ),
  },
  {
    name: 'mended-filter-stays-declined',
    title: 'A rule whose filter once contradicted itself stays declined when the filter is corrected.',
    clauses: ['grpcroute-update-takes-effect', 'filter-header-one-action-per-name'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstRule((rule, first) =>
        (first.filters ?? []).some(contradictsItself) ? { ...rule, filters: first.filters ?? [] } : rule,
      ),
  },
];

function contradictsItself({ requestHeaderModifier }: RouteFilter): boolean {
  const { set = [], add = [], remove = [] } = requestHeaderModifier ?? {};
  const names = [...set.map(({ name }) => name), ...add.map(({ name }) => name), ...remove];
  return new Set(names.map((name) => name.toLowerCase())).size < names.length;
}

type Mirror = NonNullable<NonNullable<GrpcRouteRule['filters']>[number]['requestMirror']>;

/** Edits the mirrors of each rule beside those that the rule at its place had first. */
function besideFirstMirrors(edit: (now: Mirror, first: Mirror) => Mirror): FaultHooks {
  const mirrorsOf = (rule: GrpcRouteRule | undefined): Mirror[] =>
    (rule?.filters ?? []).flatMap(({ requestMirror }) => requestMirror ?? []);
  return besideFirst('grpcRoutes', (route, first) => {
    const rules = (route.spec.rules ?? []).map((rule, index): GrpcRouteRule => {
      const [before] = mirrorsOf(first.spec.rules?.[index]);
      if (rule.filters === undefined || before === undefined) return rule;
      const filters = rule.filters.map((filter) =>
        filter.requestMirror === undefined
          ? filter
          : { ...filter, requestMirror: edit(filter.requestMirror, before) },
      );
      return { ...rule, filters };
    });
    return { ...route, spec: { ...route.spec, rules } };
  });
}

/** Mirrors that are edited. */
export const mirrorEdits: readonly Fault[] = [
  {
    name: 'mirror-target-edit-ignored',
    title: 'A mirror that is edited to name another Service goes on copying to the first.',
    clauses: ['filter-mirror-copies-calls', 'grpcroute-update-takes-effect'],
    layers: [...layers, 'status'],
    hooks: () => besideFirstMirrors((now, { backendRef }) => ({ ...now, backendRef })),
  },
  {
    name: 'mirror-part-edit-ignored',
    title: 'A mirror that is edited to copy another part of the calls goes on with the first.',
    clauses: ['filter-mirror-percent', 'filter-mirror-default-all', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () => besideFirstMirrors(({ backendRef }, first) => ({ ...first, backendRef })),
  },
];

/** Filters of backendRefs that go. */
export const keptBackendFilters: readonly Fault[] = [
  {
    name: 'removed-backend-filters-kept',
    title: 'A backendRef that loses all of its filters keeps them.',
    clauses: ['grpcroute-update-takes-effect', 'filter-backend-level-only-there'],
    layers: ['routed', 'backend'],
    hooks: () =>
      besideEarlier<'grpcRoutes', GrpcRouteRule[]>('grpcRoutes', (route, before = []) => {
        const rules = (route.spec.rules ?? []).map((rule, at) => ({
          ...rule,
          ...(rule.backendRefs && {
            backendRefs: rule.backendRefs.map((ref, index) => {
              const filters = ref.filters ?? before[at]?.backendRefs?.[index]?.filters;
              return filters === undefined ? ref : { ...ref, filters };
            }),
          }),
        }));
        return { edited: { ...route, spec: { ...route.spec, rules } }, keep: rules };
      }),
  },
];
