import type { IrCluster, IrGateway, IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { HeaderModifier, RouteFilter } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { clusterOf, onBackends, onForwards, onGrpcRoutes, onHosts, placeInRoute } from '../hooks/ir.ts';
import { remembered } from '../hooks/memo.ts';
import { onRules } from '../hooks/objects.ts';
import { claimsTrue, onConditions } from '../hooks/statuses.ts';

const none: IrHeaderEdit = { set: [], add: [], remove: [] };
const hasCapitals = ({ name }: { name: string }): boolean => /[A-Z]/.test(name);

/** Edits what a rule does to the headers of requests. */
function onRequestEdits(edit: (headers: IrHeaderEdit) => IrHeaderEdit): FaultHooks {
  return { ir: onGrpcRoutes((route) => ({ ...route, requestHeaders: edit(route.requestHeaders) })) };
}

/** Edits header filters of rules as they are written. */
function onModifiers(edit: (modifier: HeaderModifier) => HeaderModifier): FaultHooks {
  return onFilters((filter) => ({
    ...filter,
    ...(filter.requestHeaderModifier && { requestHeaderModifier: edit(filter.requestHeaderModifier) }),
    ...(filter.responseHeaderModifier && { responseHeaderModifier: edit(filter.responseHeaderModifier) }),
  }));
}

function onFilters(edit: (filter: RouteFilter, all: RouteFilter[]) => RouteFilter | undefined): FaultHooks {
  return {
    input: onRules((rule) => {
      const { filters } = rule;
      return filters === undefined
        ? rule
        : { ...rule, filters: filters.flatMap((filter) => edit(filter, filters) ?? []) };
    }),
  };
}

function onMirrors(edit: (mirrors: IrRoute['mirrors']) => IrRoute['mirrors']): FaultHooks {
  return {
    ir: onGrpcRoutes((route) =>
      route.mirrors.length === 0 ? route : { ...route, mirrors: edit(route.mirrors) },
    ),
  };
}

const mirrorProblem = (message: string): boolean => message.includes('.filters[');

/** What filters do to calls. */
export const filters: readonly Fault[] = [
  {
    name: 'filters-ignored',
    title: 'Filters of a GRPCRoute are accepted and do nothing.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'filter-request-header-add'],
    layers: ['routed', 'backend'],
    reference: 'kubernetes-sigs/cloud-provider-kind#440',
    hooks: () => onFilters(() => undefined),
  },
  {
    name: 'request-set-appends',
    title: 'A header that is set is added to what the caller sent.',
    clauses: ['filter-request-header-set'],
    layers: ['routed', 'backend'],
    hooks: () => onRequestEdits(({ set, add, remove }) => ({ set: [], add: [...set, ...add], remove })),
  },
  {
    name: 'request-add-replaces',
    title: 'A header that is added replaces what the caller sent.',
    clauses: ['filter-request-header-add'],
    layers: ['routed', 'backend'],
    hooks: () => onRequestEdits(({ set, add, remove }) => ({ set: [...set, ...add], add: [], remove })),
  },
  {
    name: 'request-remove-ignored',
    title: 'A header that is to be removed reaches the backend.',
    clauses: ['filter-request-header-remove'],
    layers: ['routed', 'backend'],
    hooks: () => onRequestEdits((edit) => ({ ...edit, remove: [] })),
  },
  {
    name: 'request-remove-case-matters',
    title: 'A header that is to be removed stays when the filter writes its name with capitals.',
    clauses: ['filter-request-header-remove-case-insensitive'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onModifiers((modifier) => ({
        ...modifier,
        ...(modifier.remove && { remove: modifier.remove.filter((name) => !/[A-Z]/.test(name)) }),
      })),
  },
  {
    name: 'request-set-case-matters',
    title: 'A header that is set is added when the filter writes its name with capitals.',
    clauses: ['filter-request-header-set-case-insensitive'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onModifiers(({ set = [], add = [], ...modifier }) => ({
        ...modifier,
        set: set.filter((header) => !hasCapitals(header)),
        add: [...add, ...set.filter(hasCapitals)],
      })),
  },
  {
    name: 'only-one-request-action',
    title: 'Of set, add and remove in one filter only the first is done.',
    clauses: ['filter-request-header-add', 'filter-request-header-remove'],
    layers: ['routed', 'backend'],
    hooks: () => onRequestEdits((edit) => (edit.set.length > 0 ? { ...none, set: edit.set } : edit)),
  },
  {
    name: 'response-modifier-ignored',
    title: 'Headers of answers are not edited.',
    clauses: ['filter-response-header-set', 'filter-response-header-add', 'filter-response-header-remove'],
    layers: ['routed', 'backend', 'trailers'],
    reference: 'lexfrei/cloudflare-tunnel-gateway-controller#416',
    hooks: () => ({ ir: onGrpcRoutes((route) => ({ ...route, responseHeaders: none })) }),
  },
  {
    name: 'response-remove-ignored',
    title: 'A header that is to be removed from answers reaches the caller.',
    clauses: ['filter-response-header-remove'],
    layers: ['routed', 'backend', 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({ ...route, responseHeaders: { ...route.responseHeaders, remove: [] } })),
    }),
  },
  {
    name: 'filters-of-first-rule-for-all',
    title: 'The filters of the first rule act on all rules of a route.',
    clauses: ['filter-scope-is-rule'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, index, { spec }) => {
        const { filters: first } = spec.rules?.[0] ?? {};
        return index === 0 || first === undefined ? rule : { ...rule, filters: first };
      }),
    }),
  },
  {
    name: 'filters-of-second-rule-ignored',
    title: 'Filters work in the first rule of a route only.',
    clauses: ['filter-scope-is-rule', 'filter-request-header-set', 'filter-core-supported'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        placeInRoute(route).rule === 1 ? { ...route, requestHeaders: none, responseHeaders: none } : route,
      ),
    }),
  },
  {
    name: 'backend-filter-for-all',
    title: 'A filter of one backendRef acts on the calls of all backends of its rule.',
    clauses: ['filter-backend-level-only-there'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onForwards((action) => {
        const [from] = action.backends.filter(({ requestHeaders }) => requestHeaders !== undefined);
        const { requestHeaders } = from ?? {};
        if (requestHeaders === undefined) return action;
        return { ...action, backends: action.backends.map((backend) => ({ ...backend, requestHeaders })) };
      }),
    }),
  },
  {
    name: 'backend-filter-ignored',
    title: 'A filter of a backendRef is accepted and does nothing.',
    clauses: ['filter-backend-level-unsupported-visible'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onBackends(({ weight, cluster }) => ({ weight, ...(cluster !== undefined && { cluster }) })),
    }),
  },
  {
    name: 'filters-skip-streams',
    title: 'Header filters act on unary calls only.',
    clauses: ['filter-applies-to-streams'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onHosts((host) => ({ ...host, routes: host.routes.flatMap(plainOnStreams) })),
    }),
  },
  {
    name: 'equivalent-name-last-wins',
    title: 'Of entries whose header names differ in case only, the last counts.',
    clauses: ['filter-header-equivalent-name-first'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onModifiers((modifier) => ({
        ...modifier,
        ...(modifier.set && { set: [...modifier.set].reverse() }),
        ...(modifier.add && { add: [...modifier.add].reverse() }),
      })),
  },
  {
    name: 'equivalent-answer-name-last-wins',
    title: 'Of entries for answers whose header names differ in case only, the last counts.',
    clauses: ['filter-header-equivalent-name-first'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onFilters(({ responseHeaderModifier: modifier, ...filter }) => ({
        ...filter,
        ...(modifier && {
          responseHeaderModifier: {
            ...modifier,
            ...(modifier.set && { set: [...modifier.set].reverse() }),
            ...(modifier.add && { add: [...modifier.add].reverse() }),
          },
        }),
      })),
  },
  {
    name: 'contradicting-actions-accepted',
    title: 'A filter that both sets and removes a header is accepted.',
    clauses: ['filter-header-one-action-per-name'],
    layers: ['status', 'apply', 'routed'],
    hooks: () =>
      onModifiers(({ set = [], add = [], remove = [] }) => {
        const kept = new Set([...set, ...add].map(({ name }) => name.toLowerCase()));
        return { set, add, remove: remove.filter((name) => !kept.has(name.toLowerCase())) };
      }),
  },
  {
    name: 'extension-ref-skipped',
    title: 'A custom filter that nobody knows is left out, and its calls pass without it.',
    clauses: ['filter-extensionref-unresolved-not-skipped', 'filter-extensionref-unresolved-status'],
    layers: ['status', 'routed', 'backend'],
    reference: 'kumahq/kuma#18297',
    hooks: () => onFilters((filter) => (filter.type === 'ExtensionRef' ? undefined : filter)),
  },
  {
    name: 'extension-ref-unreported',
    title: 'A custom filter that nobody knows shows in no status.',
    clauses: ['filter-extensionref-unresolved-status'],
    layers: ['status'],
    reference: 'pomerium/ingress-controller#1071',
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.message.includes('ExtensionRef')
          ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'extension-ref-breaks-route',
    title: 'A custom filter that nobody knows takes all rules of its route down.',
    clauses: ['filter-extensionref-other-rules-work'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, _index, { spec }) => {
        const all = spec.rules?.flatMap(({ filters: own = [] }) => own) ?? [];
        const custom = all.filter(({ type }) => type === 'ExtensionRef');
        return custom.length === 0 ? rule : { ...rule, filters: custom };
      }),
    }),
  },
  {
    name: 'mirror-ignored',
    title: 'Mirrors get no calls.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all'],
    layers: ['routed', 'backend'],
    hooks: () => onMirrors(() => []),
  },
  {
    name: 'only-first-mirror',
    title: 'Of several mirrors of a rule only the first gets calls.',
    clauses: ['filter-mirror-repeatable'],
    layers: ['routed', 'backend'],
    hooks: () => onMirrors((mirrors) => mirrors.slice(0, 1)),
  },
  {
    name: 'mirror-copies-twice',
    title: 'A mirror gets each call twice.',
    clauses: ['filter-mirror-copies-calls'],
    layers: ['routed', 'backend'],
    hooks: () => onMirrors((mirrors) => mirrors.flatMap((mirror) => [mirror, mirror])),
  },
  {
    name: 'mirror-part-ignored',
    title: 'A mirror gets every call, whatever part it asks for.',
    clauses: ['filter-mirror-percent', 'filter-mirror-fraction'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onMirrors((mirrors) => mirrors.map((mirror) => ({ ...mirror, numerator: 1, denominator: 1 }))),
  },
  {
    name: 'mirror-percent-zero-is-all',
    title: 'A mirror of 0 percent gets every call.',
    clauses: ['filter-mirror-percent-zero'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onFilters((filter) =>
        filter.requestMirror?.percent === 0
          ? { ...filter, requestMirror: { ...filter.requestMirror, percent: 100 } }
          : filter,
      ),
  },
  {
    name: 'mirror-denominator-defaults-to-thousand',
    title: 'A mirror fraction without denominator is of 1000.',
    clauses: ['filter-mirror-fraction-denominator-default', 'filter-mirror-fraction'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onFilters((filter) => {
        const { fraction } = filter.requestMirror ?? {};
        if (filter.requestMirror === undefined || fraction === undefined) return filter;
        const { denominator = 1000 } = fraction;
        const thousand = { ...fraction, denominator: denominator === 100 ? 1000 : denominator };
        return { ...filter, requestMirror: { ...filter.requestMirror, fraction: thousand } };
      }),
  },
  {
    name: 'mirror-to-every-endpoint',
    title: 'Every endpoint of a mirror gets a copy.',
    clauses: ['filter-mirror-single-endpoint'],
    layers: ['routed', 'backend'],
    hooks: () => ({ ir: remembered(mirroredToAll) }),
  },
  {
    name: 'mirror-missing-fails-calls',
    title: 'A missing mirror makes the calls of its rule fail.',
    clauses: ['filter-mirror-backend-missing-primary-ok'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const broken = new Set<string>();
      return {
        input: (input) => {
          const services = new Set(
            input.objects.services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
          );
          for (const { metadata, spec } of input.objects.grpcRoutes)
            for (const { filters: own = [] } of spec.rules ?? [])
              for (const { requestMirror: mirror } of own) {
                const { namespace = metadata.namespace, name = '' } = mirror?.backendRef ?? {};
                if (mirror !== undefined && !services.has(`${namespace}/${name}`))
                  broken.add(`${metadata.namespace}/${metadata.name}`);
              }
          return input;
        },
        ir: onGrpcRoutes((route) =>
          broken.has(route.source.key) ? { ...route, action: { type: 'respond', httpStatus: 503 } } : route,
        ),
      };
    },
  },
  {
    name: 'mirror-missing-unreported',
    title: 'A missing mirror shows in no status.',
    clauses: ['filter-mirror-backend-missing-status', 'filter-mirror-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.type === 'ResolvedRefs' && mirrorProblem(condition.message)
          ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'mirror-message-names-nothing',
    title: 'The status of a route with a missing mirror does not say which.',
    clauses: ['filter-mirror-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        mirrorProblem(condition.message) ? { ...condition, message: 'a reference is wrong' } : condition,
      ),
    }),
  },
  {
    name: 'mirror-needs-no-grant',
    title: 'A mirror in another namespace needs no ReferenceGrant.',
    clauses: ['filter-mirror-refnotpermitted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const added = input.objects.grpcRoutes.flatMap(({ metadata: { namespace = '' }, spec }) =>
          (spec.rules ?? []).flatMap(({ filters: own = [] }) =>
            own.flatMap(({ requestMirror }) =>
              requestMirror?.backendRef.namespace === undefined
                ? []
                : [grantFor(namespace, requestMirror.backendRef.namespace, requestMirror.backendRef.name)],
            ),
          ),
        );
        const referenceGrants = [...input.objects.referenceGrants, ...added];
        return added.length === 0 ? input : { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'unreachable-mirror-fails-calls',
    title: 'A mirror that cannot be reached makes the calls of its rule fail.',
    clauses: ['filter-mirror-response-ignored'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { gateway }) =>
        route.mirrors.some(({ cluster }) => isUnreachable(clusterOf(gateway, cluster)))
          ? { ...route, action: { type: 'respond', httpStatus: 503 } }
          : route,
      ),
    }),
  },
  {
    name: 'mirror-stops-the-controller',
    title: 'A RequestMirror on a GRPCRoute makes the translator fail, and no change is served any more.',
    clauses: ['filter-mirror-copies-calls', 'grpcroute-multiple-routes-share-listener'],
    layers: ['status', 'routed', 'programmed'],
    reference: 'envoyproxy/gateway#6874',
    hooks: () => ({
      input: (input) => {
        const isMirror = ({ type }: RouteFilter): boolean => type === 'RequestMirror';
        for (const { spec } of input.objects.grpcRoutes)
          for (const { filters: own = [] } of spec.rules ?? [])
            if (own.some(isMirror)) throw new Error('cannot read properties of undefined');
        return input;
      },
    }),
  },
  {
    name: 'filter-not-accepted-silently',
    title: 'Unsupported filters are not reported: Accepted and ResolvedRefs stay True.',
    clauses: ['filter-extensionref-unresolved-status', 'filter-header-one-action-per-name'],
    layers: ['status'],
    reference: 'kumahq/kuma#18297',
    hooks: () => {
      const [accepted, resolved] = [claimsTrue('Accepted'), claimsTrue('ResolvedRefs')];
      return { statuses: (statuses, input) => resolved(accepted(statuses, input), input) };
    },
  },
];

function plainOnStreams(route: IrRoute): IrRoute[] {
  if (route.match.path.value !== '/') return [route];
  const match: IrRoute['match'] = { ...route.match, path: { type: 'regex', value: '.*Stream' } };
  return [
    { ...route, name: `${route.name}/stream`, match, requestHeaders: none, responseHeaders: none },
    route,
  ];
}

function isUnreachable(cluster: IrCluster | undefined): boolean {
  const endpoints = cluster?.endpoints ?? [];
  return endpoints.length === 0 || endpoints.some(({ port }) => port !== 9000);
}

function grantFor(from: string, namespace: string, service: string) {
  return {
    metadata: { name: `granted-${service}`, namespace },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: from }],
      to: [{ group: '', kind: 'Service', name: service }],
    },
  };
}

/** A mirror for each endpoint, each with a cluster of its own. */
function mirroredToAll(gateway: IrGateway): IrGateway {
  const own = new Map<string, IrCluster>();
  const split = (mirrored: string): string[] => {
    const { endpoints = [], protocol = 'h2c' } = clusterOf(gateway, mirrored) ?? {};
    return endpoints.map((endpoint, index) => {
      const name = `${mirrored}/${index}`;
      own.set(name, { name, protocol, endpoints: [endpoint] });
      return name;
    });
  };
  const edit = onGrpcRoutes((route) => ({
    ...route,
    mirrors: route.mirrors.flatMap((mirror) =>
      split(mirror.cluster).map((cluster) => ({ ...mirror, cluster })),
    ),
  }));
  const { ports } = edit(gateway);
  return { ...gateway, ports, clusters: [...gateway.clusters, ...own.values()] };
}
