import type { IrBackend, IrHeaderEdit } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onBackends, onForwards, onGrpcRoutes } from '../hooks/ir.ts';
import { onResponses, onTrailers } from '../hooks/lua.ts';
import { mapSame } from '../hooks/memo.ts';
import { onRules } from '../hooks/objects.ts';
import { withoutOwnFilters } from '../hooks/places.ts';
import { listOf, onXdsRoutes } from '../hooks/xds.ts';

const none: IrHeaderEdit = { set: [], add: [], remove: [] };
const layers: Fault['layers'] = ['routed', 'backend', 'trailers'];

/** Edits the backends of rules that have as many. */
function where(isMeant: (backends: number) => boolean, edit: (backend: IrBackend) => IrBackend): FaultHooks {
  return {
    ir: onForwards((action) =>
      isMeant(action.backends.length) ? { ...action, backends: action.backends.map(edit) } : action,
    ),
  };
}

/** Leaves out what filters of backendRefs add and remove. */
function setOnlyIn(field: 'requestHeaders' | 'responseHeaders'): FaultHooks {
  return {
    ir: onBackends((backend) => {
      const edit = backend[field];
      return edit === undefined ? backend : { ...backend, [field]: { ...none, set: edit.set } };
    }),
  };
}

/** Takes the escapes out of every value that Envoy is to add in one of a route's fields. */
function unescapedIn(field: 'request_headers_to_add' | 'response_headers_to_add'): FaultHooks {
  return {
    xds: onXdsRoutes((route) => {
      for (const option of listOf(route[field])) {
        const header = option['header'] as { value: string };
        header.value = header.value.replaceAll('%%', '%');
      }
      return route;
    }),
  };
}

/** Filters that work alone, and not beside something else. */
export const filterCombinations: readonly Fault[] = [
  {
    name: 'mirror-ignored-with-split',
    title: 'A rule that splits its calls copies none.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'forward' && route.action.backends.length > 1
          ? { ...route, mirrors: [] }
          : route,
      ),
    }),
  },
  {
    name: 'filters-beside-mirror-ignored',
    title: 'Headers are not edited where a rule has a mirror as well.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'filter-mirror-copies-calls'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.mirrors.length > 0 ? { ...route, requestHeaders: none, responseHeaders: none } : route,
      ),
    }),
  },
  {
    name: 'only-first-filter',
    title: 'Of several filters of a rule only the first does something.',
    clauses: ['filter-core-supported', 'filter-response-header-set', 'filter-scope-is-rule'],
    layers,
    hooks: () => ({
      input: onRules((rule) =>
        rule.filters === undefined ? rule : { ...rule, filters: rule.filters.slice(0, 1) },
      ),
    }),
  },
  {
    name: 'lone-backend-filter-ignored',
    title: 'A filter of a backendRef does nothing where its rule has no other backend.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => where((backends) => backends === 1, withoutOwnFilters),
  },
  {
    name: 'backend-answers-unedited-in-splits',
    title: 'A ResponseHeaderModifier of a backendRef does nothing where its rule has other backends.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () =>
      where(
        (backends) => backends > 1,
        ({ responseHeaders: _response, ...backend }) => backend,
      ),
  },
  {
    name: 'second-backend-filter-ignored',
    title: 'Filters of backendRefs work at the first backend of a rule only.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => ({
      input: onRules((rule) =>
        rule.backendRefs === undefined
          ? rule
          : {
              ...rule,
              backendRefs: rule.backendRefs.map(({ filters, ...ref }, index) =>
                index === 0 && filters !== undefined ? { ...ref, filters } : ref,
              ),
            },
      ),
    }),
  },
  {
    name: 'backend-answers-unedited',
    title: 'A ResponseHeaderModifier of a backendRef is accepted and does nothing.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => ({
      ir: onBackends(({ responseHeaders: _response, ...backend }) => backend),
    }),
  },
  {
    name: 'backend-filter-sets-only',
    title: 'Of a filter on a backendRef only what it sets is done, not what it adds and removes.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers,
    hooks: () => setOnlyIn('requestHeaders'),
  },
  {
    name: 'backend-answer-filter-sets-only',
    title: 'Of a ResponseHeaderModifier on a backendRef only what it sets is done.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers,
    hooks: () => setOnlyIn('responseHeaders'),
  },
  {
    name: 'backend-filter-replaces-rule-filter',
    title: 'The filters of a rule do nothing where one of its backendRefs has filters of its own.',
    clauses: ['filter-core-supported', 'filter-backend-level-only-there'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'forward' &&
        route.action.backends.some(({ requestHeaders }) => requestHeaders !== undefined)
          ? { ...route, requestHeaders: none }
          : route,
      ),
    }),
  },
  {
    name: 'header-edits-beyond-eight-lost',
    title: 'Only the first eight headers that a filter sets are set.',
    clauses: ['filter-request-header-set'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        requestHeaders: { ...route.requestHeaders, set: route.requestHeaders.set.slice(0, 8) },
      })),
    }),
  },
  {
    name: 'error-headers-unedited',
    title: 'Answers that are errors keep the headers that the backend gave them.',
    clauses: ['filter-response-header-set'],
    layers,
    hooks: () =>
      onResponses(
        'if (handle:headers():get("grpc-status") or "0") ~= "0" then handle:headers():remove("x-set") end',
      ),
  },
  {
    name: 'answer-values-expanded',
    title: 'What a filter sets on answers is read as a format: %RESPONSE_CODE% becomes 200.',
    clauses: ['filter-response-header-set'],
    layers: [...layers, 'status'],
    hooks: () => unescapedIn('response_headers_to_add'),
  },
  {
    name: 'filter-values-expanded',
    title: 'What a filter sets is read as a format: %REQ(:path)% becomes the path.',
    clauses: ['filter-request-header-set'],
    layers: [...layers, 'status'],
    hooks: () => unescapedIn('request_headers_to_add'),
  },
];

/** Filters that are right alone, and not beside another of their kind. */
export const filterPairs: readonly Fault[] = [
  {
    name: 'mirrors-of-a-rule-share-a-part',
    title: 'All mirrors of a rule copy the part of its calls that the first one asks for.',
    clauses: ['filter-mirror-repeatable', 'filter-mirror-percent'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule) => {
        const [first] = (rule.filters ?? []).flatMap(({ requestMirror }) => requestMirror ?? []);
        if (first === undefined) return rule;
        const { percent, fraction } = first;
        const part = { ...(percent !== undefined && { percent }), ...(fraction && { fraction }) };
        const filters = mapSame(rule.filters ?? [], (filter) =>
          filter.requestMirror === undefined
            ? filter
            : {
                ...filter,
                requestMirror: { backendRef: filter.requestMirror.backendRef, ...part },
              },
        );
        return { ...rule, filters };
      }),
    }),
  },
  {
    name: 'filters-of-repeated-service-shared',
    title:
      'A Service that a rule names twice, with filters of their own, gets those of the first entry for both.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onForwards((action) => ({
        ...action,
        backends: action.backends.map((backend) => {
          const first = action.backends.find(({ cluster }) => cluster === backend.cluster) ?? backend;
          const { requestHeaders: _request, responseHeaders: _response, ...rest } = backend;
          return {
            ...rest,
            ...(first.requestHeaders && { requestHeaders: first.requestHeaders }),
            ...(first.responseHeaders && { responseHeaders: first.responseHeaders }),
          };
        }),
      })),
    }),
  },
  {
    name: 'trailers-edited-with-headers',
    title: 'What a filter removes from the headers of an answer goes from its trailers as well.',
    clauses: ['backend-trailers-delivered', 'filter-response-header-remove'],
    layers: ['routed', 'trailers', 'backend'],
    hooks: () => onTrailers('t:remove("x-remove")'),
  },
];
