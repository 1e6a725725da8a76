import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHosts, placeInRoute } from '../hooks/ir.ts';
import { onObjects, onRules } from '../hooks/objects.ts';
import { listOf, onVirtualHosts, onXdsRoutes } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const none: IrHeaderEdit = { set: [], add: [], remove: [] };
const layers: Fault['layers'] = ['routed', 'backend', 'trailers'];

const isPlain = ({ set, add, remove }: IrHeaderEdit): boolean =>
  set.length + add.length + remove.length === 0;

/** Edits how Envoy adds each header to requests; `action` is how it was to. */
function onRequestAdditions(edit: (action: unknown) => string | undefined): FaultHooks {
  return {
    xds: onXdsRoutes((route) => {
      for (const option of listOf(route['request_headers_to_add'])) {
        const action = edit(option['append_action']);
        if (action !== undefined) option['append_action'] = action;
      }
      return route;
    }),
  };
}

/** Edits the mirrors of each route that has some. */
function onMirroring(edit: (route: IrRoute) => IrRoute['mirrors']): FaultHooks {
  return {
    ir: onGrpcRoutes((route) => (route.mirrors.length === 0 ? route : { ...route, mirrors: edit(route) })),
  };
}

function withoutMirrorsOnStreams(route: IrRoute): IrRoute[] {
  const { path } = route.match;
  if (path.value.endsWith('Stream')) return [{ ...route, mirrors: [] }];
  if (route.mirrors.length === 0 || path.value !== '/') return [route];
  const match: IrRoute['match'] = { ...route.match, path: { type: 'regex', value: '.*Stream' } };
  return [{ ...route, name: `${route.name}/stream`, match, mirrors: [] }, route];
}

/** The headers that one of the rules of a host sets, on calls and answers of all of them. */
function editsOfHost(routes: IrRoute[]): IrRoute[] {
  const giver = routes.find(({ requestHeaders }) => !isPlain(requestHeaders));
  if (giver === undefined) return routes;
  const { requestHeaders, source } = giver;
  return routes.map((route) =>
    route.source.key !== source.key && isPlain(route.requestHeaders) ? { ...route, requestHeaders } : route,
  );
}

/** A copy of each route that edits headers, for a part of the calls, which edits none. */
function unedited(
  field: 'request_headers_to_add' | 'response_headers_to_add',
  routes: Message[],
  percent: number,
): Message[] {
  return routes.flatMap((route) => {
    if (listOf(route[field]).length === 0) return [route];
    const match = route['match'] as Message;
    const runtime_fraction = { default_value: { numerator: percent, denominator: 'HUNDRED' } };
    const { [field]: _added, ...rest } = route;
    return [
      { ...rest, name: `${String(route['name'])}/unedited`, match: { ...match, runtime_fraction } },
      route,
    ];
  });
}

/** On which calls filters act, and how sure they do. */
export const filterReach: readonly Fault[] = [
  {
    name: 'filters-of-later-matches-ignored',
    title: 'Filters of a rule with several matches work for the first of them.',
    clauses: ['filter-scope-is-rule', 'filter-request-header-set', 'match-any-of-matches'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        placeInRoute(route).match === 0 ? route : { ...route, requestHeaders: none, responseHeaders: none },
      ),
    }),
  },
  {
    name: 'mirrors-of-later-matches-ignored',
    title: 'A rule with several matches copies the calls of the first of them only.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all', 'filter-scope-is-rule'],
    layers,
    hooks: () => onMirroring((route) => (placeInRoute(route).match === 0 ? route.mirrors : [])),
  },
  {
    name: 'mirror-to-own-backend-ignored',
    title: 'A mirror to the Service that the rule forwards to gets no calls.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all'],
    layers,
    hooks: () =>
      onMirroring(({ mirrors, action }) =>
        mirrors.filter(
          ({ cluster }) =>
            action.type !== 'forward' || action.backends.every((each) => each.cluster !== cluster),
        ),
      ),
  },
  {
    name: 'mirrors-skip-streams',
    title: 'Mirrors get unary calls only.',
    clauses: ['filter-mirror-copies-calls', 'filter-applies-to-streams'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => ({ ...host, routes: host.routes.flatMap(withoutMirrorsOnStreams) })),
    }),
  },
  {
    name: 'mirror-one-copy-in-twenty-lost',
    title: 'A mirror of every call misses one in 20.',
    clauses: ['filter-mirror-default-all', 'filter-mirror-copies-calls'],
    layers,
    hooks: () =>
      onMirroring(({ mirrors }) =>
        mirrors.map((mirror) =>
          mirror.numerator === mirror.denominator ? { ...mirror, numerator: 95, denominator: 100 } : mirror,
        ),
      ),
  },
  {
    name: 'granted-mirror-ignored',
    title: 'A mirror in another namespace gets no calls, also where a grant permits it.',
    clauses: ['refgrant-addition-enables', 'filter-mirror-copies-calls'],
    layers,
    hooks: () =>
      onMirroring(({ mirrors, source }) => {
        const [own = ''] = source.key.split('/');
        return mirrors.filter(({ cluster }) => cluster.startsWith(`${own}/`));
      }),
  },
  {
    name: 'mirror-part-of-first-rule-for-all',
    title: 'All rules of a route copy the part of their calls that the first one asks for.',
    clauses: ['filter-mirror-percent', 'filter-mirror-default-all', 'filter-scope-is-rule'],
    layers,
    hooks: () => ({
      input: onRules((rule, index, route) => {
        const part = (route.spec.rules?.[0]?.filters ?? []).find(
          ({ requestMirror }) => requestMirror,
        )?.requestMirror;
        if (index === 0 || part === undefined || rule.filters === undefined) return rule;
        const { percent, fraction } = part;
        return {
          ...rule,
          filters: rule.filters.map(({ requestMirror, ...filter }) => ({
            ...filter,
            ...(requestMirror && {
              requestMirror: {
                backendRef: requestMirror.backendRef,
                ...(percent !== undefined && { percent }),
                ...(fraction !== undefined && { fraction }),
              },
            }),
          })),
        };
      }),
    }),
  },
  {
    name: 'mirror-parts-in-whole-percents',
    title: 'Of the part of the calls that a mirror is to get what is less than a whole percent is cut off.',
    clauses: ['filter-mirror-fraction'],
    layers,
    hooks: () =>
      onMirroring(({ mirrors }) =>
        mirrors.map((mirror) => ({
          ...mirror,
          numerator: Math.floor((100 * mirror.numerator) / mirror.denominator),
          denominator: 100,
        })),
      ),
  },
  {
    name: 'request-set-needs-the-header',
    title: 'A header that is set is set only on calls that carry it already.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () =>
      onRequestAdditions((action) =>
        action === 'OVERWRITE_IF_EXISTS_OR_ADD' ? 'OVERWRITE_IF_EXISTS' : undefined,
      ),
  },
  {
    name: 'request-add-only-if-absent',
    title: 'A header that is added is left out of calls that carry it already.',
    clauses: ['filter-request-header-add'],
    layers,
    hooks: () =>
      onRequestAdditions((action) => (action === 'OVERWRITE_IF_EXISTS_OR_ADD' ? undefined : 'ADD_IF_ABSENT')),
  },
  {
    name: 'answer-removal-case-matters',
    title: 'A header that is to be removed from answers stays when the filter writes its name with capitals.',
    clauses: ['filter-response-header-remove'],
    layers,
    hooks: () => ({
      input: onRules((rule) =>
        rule.filters === undefined
          ? rule
          : {
              ...rule,
              filters: rule.filters.map((filter) => {
                const { responseHeaderModifier: modifier } = filter;
                if (modifier?.remove === undefined) return filter;
                const remove = modifier.remove.filter((name) => !/[A-Z]/.test(name));
                return { ...filter, responseHeaderModifier: { ...modifier, remove } };
              }),
            },
      ),
    }),
  },
  {
    name: 'filters-act-on-other-routes',
    title: 'The filters of a route also act on calls of other routes that share its hostname.',
    clauses: ['filter-scope-is-rule'],
    layers,
    hooks: () => ({ ir: onHosts((host) => ({ ...host, routes: editsOfHost(host.routes) })) }),
  },
  {
    name: 'filters-skip-one-call-in-twenty',
    title: 'One call in 20 passes without the header that its rule sets.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () => ({ xds: onVirtualHosts((routes) => unedited('request_headers_to_add', routes, 5)) }),
  },
  {
    name: 'filters-skip-one-answer-in-twenty',
    title: 'One answer in 20 passes without the header that its rule sets.',
    clauses: ['filter-response-header-set'],
    layers,
    hooks: () => ({ xds: onVirtualHosts((routes) => unedited('response_headers_to_add', routes, 5)) }),
  },
  {
    name: 'answer-edits-of-first-backend-only',
    title:
      'Where a rule has several backends, its ResponseHeaderModifier acts on answers of the first of them.',
    clauses: ['filter-response-header-set'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        const { action, responseHeaders } = route;
        if (action.type !== 'forward' || action.backends.length < 2 || isPlain(responseHeaders)) return route;
        const backends = action.backends.map((backend, index) =>
          index === 0 ? { responseHeaders, ...backend } : backend,
        );
        return { ...route, responseHeaders: none, action: { ...action, backends } };
      }),
    }),
  },
  {
    name: 'unresolved-filter-after-another-skipped',
    title:
      'A custom filter that nobody knows is noticed as the first filter of its rule only; calls pass without a later one.',
    clauses: [
      'filter-extensionref-unresolved-not-skipped',
      'filter-extensionref-unresolved-error',
      'filter-extensionref-unresolved-status',
    ],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onRules((rule) => {
        const written = rule.filters ?? [];
        const filters = written.filter(({ type }, index) => index === 0 || type !== 'ExtensionRef');
        return filters.length === written.length ? rule : { ...rule, filters };
      }),
    }),
  },
  {
    name: 'unresolved-filter-skipped-by-later-matches',
    title:
      'A custom filter that nobody knows refuses calls of the first match of its rule; those of other matches pass without it.',
    clauses: ['filter-extensionref-unresolved-not-skipped', 'filter-extensionref-unresolved-error'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const rules = (route.spec.rules ?? []).flatMap((rule) => {
          const [first, ...others] = rule.matches ?? [];
          const known = (rule.filters ?? []).filter(({ type }) => type !== 'ExtensionRef');
          return first === undefined || others.length === 0 || known.length === (rule.filters ?? []).length
            ? [rule]
            : [
                { ...rule, matches: [first] },
                { ...rule, matches: others, filters: known },
              ];
        });
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
];
