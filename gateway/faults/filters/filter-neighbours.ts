import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { RouteFilter } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHosts } from '../hooks/ir.ts';
import { onResponses } from '../hooks/lua.ts';
import { onGrpcRoutesWith, onRules } from '../hooks/objects.ts';
import { onConditions } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Mirror = NonNullable<RouteFilter['requestMirror']>;

/** Of mirrors that cannot be resolved only those whose place in the message has that text are told. */
function tellingOfMirrorsIn(place: string): FaultHooks {
  return {
    statuses: onConditions((condition, { level }) =>
      level === 'parent' &&
      condition.type === 'ResolvedRefs' &&
      condition.status === 'False' &&
      condition.message.includes('.filters[') &&
      !condition.message.includes(place)
        ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
        : condition,
    ),
  };
}

/** Edits the mirrors of every rule. */
function onMirrors(edit: (mirror: Mirror, namespace: string, input: TranslateInput) => Mirror): FaultHooks {
  return {
    input: onGrpcRoutesWith((route, input) => {
      const rules = route.spec.rules ?? [];
      if (!rules.some(({ filters }) => filters?.some(({ requestMirror }) => requestMirror))) return route;
      const edited = rules.map((rule) => ({
        ...rule,
        ...(rule.filters && {
          filters: rule.filters.map((filter) =>
            filter.requestMirror === undefined
              ? filter
              : {
                  ...filter,
                  requestMirror: edit(filter.requestMirror, route.metadata.namespace ?? '', input),
                },
          ),
        }),
      }));
      return { ...route, spec: { ...route.spec, rules: edited } };
    }),
  };
}

/** What proxies write into calls as well. */
const isOfProxies = (name: string): boolean => /^x-(forwarded-(proto|host)|real-ip)$/i.test(name);

/** Calls that carry one of those headers several times are edited otherwise. */
function whereRepeated(
  namesIn: (edit: IrHeaderEdit) => readonly string[],
  edit: (edit: IrHeaderEdit, name: string) => IrHeaderEdit,
): FaultHooks {
  const variants = (route: IrRoute): IrRoute[] =>
    namesIn(route.requestHeaders).map((name) => ({
      ...route,
      name: `${route.name}/repeated/${name}`,
      match: {
        ...route.match,
        headers: [...route.match.headers, { name, match: { type: 'regex', value: '.*,.*' } }],
      },
      requestHeaders: edit(route.requestHeaders, name),
    }));
  return {
    ir: onHosts((host) => {
      const routes = host.routes.flatMap((route) => [...variants(route), route]);
      return routes.length === host.routes.length ? host : { ...host, routes };
    }),
  };
}

/** In front of the names of headers that stand for what is to become of others. */
const mark = 'x-routeproof-edit-';
const gone = 'gone';

/** Edits the headers that filters are about, by name. */
const onlyNames = (edit: IrHeaderEdit, isMeant: (name: string) => boolean): IrHeaderEdit => ({
  set: edit.set.filter(({ name }) => isMeant(name)),
  add: edit.add.filter(({ name }) => isMeant(name)),
  remove: edit.remove.filter(isMeant),
});

/** Filters that meet something unusual: repeated headers, another port, a neighbour. */
export const filterNeighbours: readonly Fault[] = [
  {
    name: 'repeated-header-not-removed',
    title: 'A header that is to be removed stays where a call has it several times.',
    clauses: ['filter-request-header-remove'],
    layers,
    hooks: () =>
      whereRepeated(
        ({ remove }) => remove,
        (edit, name) => ({ ...edit, remove: edit.remove.filter((each) => each !== name) }),
      ),
  },
  {
    name: 'repeated-header-not-replaced',
    title: 'A header that is set is added where a call has it several times.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () =>
      whereRepeated(
        ({ set }) => set.map(({ name }) => name),
        ({ set, add, remove }, name) => ({
          set: set.filter((each) => each.name !== name),
          add: [...add, ...set.filter((each) => each.name === name)],
          remove,
        }),
      ),
  },
  {
    name: 'headers-of-the-protocol-not-edited',
    title: 'Filters do nothing to authorization, cookie and user-agent.',
    clauses: ['filter-request-header-set', 'filter-request-header-remove'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: onlyNames(
          route.requestHeaders,
          (name) => !/^(authorization|cookie|user-agent)$/i.test(name),
        ),
      })),
    }),
  },
  {
    name: 'headers-of-proxies-not-edited',
    title: 'Filters do nothing to x-forwarded-proto, x-forwarded-host and x-real-ip.',
    clauses: ['filter-request-header-set-of-proxies'],
    layers,
    reference: 'nginx/nginx-gateway-fabric#3192',
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: onlyNames(route.requestHeaders, (name) => !isOfProxies(name)),
      })),
    }),
  },
  {
    name: 'headers-of-proxies-beside-the-own',
    title: 'An x-forwarded-proto that a filter sets comes beside the one that the gateway writes itself.',
    clauses: ['filter-request-header-set-of-proxies'],
    layers,
    reference: 'nginx/nginx-gateway-fabric#3192',
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        const { set, add, remove } = route.requestHeaders;
        const theirs = set.filter(({ name }) => isOfProxies(name));
        const ours = set.filter(({ name }) => !isOfProxies(name));
        return { ...route, requestHeaders: { set: ours, add: [...add, ...theirs], remove } };
      }),
    }),
  },
  {
    name: 'binary-headers-not-edited',
    title: 'Filters do nothing to headers whose name ends in -bin.',
    clauses: ['filter-request-header-set', 'filter-request-header-remove', 'filter-response-header-set'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: onlyNames(route.requestHeaders, (name) => !name.endsWith('-bin')),
        responseHeaders: onlyNames(route.responseHeaders, (name) => !name.endsWith('-bin')),
      })),
    }),
  },
  {
    name: 'repeated-answer-header-edited-once',
    title: 'Of a header that an answer has several times a filter replaces or removes the first only.',
    clauses: ['filter-response-header-set', 'filter-response-header-remove'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        // Under another name what the backend gave is still there for the filter in front.
        const { set, add, remove } = route.responseHeaders;
        return set.length + remove.length === 0
          ? route
          : {
              ...route,
              responseHeaders: {
                set: set.map(({ name, value }) => ({ name: `${mark}${name}`, value })),
                add: [...add, ...remove.map((name) => ({ name: `${mark}${name}`, value: gone }))],
                remove: [],
              },
            };
      }),
      ...onResponses(`local edits = {}
  for name, value in pairs(handle:headers()) do
    if string.sub(name, 1, ${mark.length}) == "${mark}" then edits[name] = value end
  end
  for marked, value in pairs(edits) do
    local name = string.sub(marked, ${mark.length + 1})
    local values = {}
    for each, had in pairs(handle:headers()) do
      if each == name then table.insert(values, had) end
    end
    handle:headers():remove(marked)
    handle:headers():remove(name)
    if value ~= "${gone}" then handle:headers():add(name, value) end
    for index, had in ipairs(values) do
      if index > 1 then handle:headers():add(name, had) end
    end
  end`),
    }),
  },
  {
    name: 'mirror-takes-first-port',
    title: 'A mirror copies to the first port of its Service, whichever it names.',
    clauses: ['filter-mirror-copies-calls', 'backend-port-is-service-port'],
    layers,
    hooks: () =>
      onMirrors((mirror, own, { objects }) => {
        const { namespace = own, name } = mirror.backendRef;
        const service = objects.services.find(
          ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
        );
        const port = service?.spec?.ports?.[0]?.port;
        return port === undefined ? mirror : { ...mirror, backendRef: { ...mirror.backendRef, port } };
      }),
  },
  {
    name: 'mirror-kind-ignored',
    title: 'The kind of a mirror is not looked at: a Service of that name is taken.',
    clauses: ['filter-mirror-backend-missing-status', 'backend-invalid-kind-status'],
    layers: [...layers, 'status'],
    hooks: () =>
      onMirrors(({ backendRef: { kind: _kind, group: _group, ...backendRef }, ...mirror }) => ({
        ...mirror,
        backendRef,
      })),
  },
  {
    name: 'third-mirror-lost',
    title: 'A rule copies to two mirrors at most.',
    clauses: ['filter-mirror-repeatable'],
    layers,
    hooks: () => ({ ir: onGrpcRoutes((route) => ({ ...route, mirrors: route.mirrors.slice(0, 2) })) }),
  },
  {
    name: 'mirror-denominator-ignored',
    title: 'The numerator of a mirror is a percentage, whatever the denominator.',
    clauses: ['filter-mirror-fraction'],
    layers,
    hooks: () =>
      onMirrors(({ fraction, ...mirror }) => ({
        ...mirror,
        ...(fraction && { percent: Math.min(fraction.numerator, 100) }),
      })),
  },
  {
    name: 'mirrors-ignored-on-https',
    title: 'Mirrors get no copies of calls on HTTPS listeners.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }) => (port.protocol === 'HTTPS' ? { ...route, mirrors: [] } : route)),
    }),
  },
  {
    name: 'missing-mirror-of-later-rules-unreported',
    title: 'ResolvedRefs tells of the mirrors of the first rule only.',
    clauses: ['filter-mirror-backend-missing-status'],
    layers: ['status'],
    hooks: () => tellingOfMirrorsIn('rules[0]'),
  },
  {
    name: 'missing-later-mirror-of-rule-unreported',
    title: 'ResolvedRefs tells of the first mirror of each rule only.',
    clauses: ['filter-mirror-backend-missing-status'],
    layers: ['status'],
    hooks: () => tellingOfMirrorsIn('.filters[0]'),
  },
  {
    name: 'extension-ref-of-backend-skipped',
    title: 'A custom filter of a backendRef that nobody knows is left out, and its calls pass without it.',
    clauses: ['filter-extensionref-unresolved-not-skipped', 'filter-backend-level-unsupported-visible'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onRules((rule) => ({
        ...rule,
        ...(rule.backendRefs && {
          backendRefs: rule.backendRefs.map((ref) => ({
            ...ref,
            ...(ref.filters && { filters: ref.filters.filter(({ type }) => type !== 'ExtensionRef') }),
          })),
        }),
      })),
    }),
  },
  {
    name: 'backend-filters-of-later-rules-ignored',
    title: 'Filters of backendRefs work in the first rule of a route only.',
    clauses: ['filter-backend-level-only-there'],
    layers,
    hooks: () => ({
      input: onRules((rule, index) =>
        index === 0 || rule.backendRefs === undefined
          ? rule
          : { ...rule, backendRefs: rule.backendRefs.map(({ filters: _filters, ...ref }) => ref) },
      ),
    }),
  },
];
