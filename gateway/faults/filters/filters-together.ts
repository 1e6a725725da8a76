import { objectKey } from '../../../common/object-key.ts';
import type { IrBackend, IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards, onGrpcRoutes } from '../hooks/ir.ts';
import { onRules } from '../hooks/objects.ts';
import { withoutBackendFilters, withoutHeaderEdits, withoutOwnFilters } from '../hooks/places.ts';

const none: IrHeaderEdit = { set: [], add: [], remove: [] };
const layers: Fault['layers'] = ['routed', 'backend', 'trailers'];

const hasFilters = ({ requestHeaders, responseHeaders }: IrBackend): boolean =>
  requestHeaders !== undefined || responseHeaders !== undefined;

const backendsOf = ({ action }: IrRoute): IrBackend[] => (action.type === 'forward' ? action.backends : []);

/** Lone backends lose their filters where they lack those of the other kind. */
const loneWithout = (field: 'requestHeaders' | 'responseHeaders'): FaultHooks => ({
  ir: onForwards((action) => {
    const [only, ...others] = action.backends;
    if (only === undefined || others.length > 0 || only[field] !== undefined) return action;
    return { ...action, backends: [withoutOwnFilters(only)] };
  }),
});

const onMirrored = (edit: (route: IrRoute) => IrRoute): FaultHooks => ({
  ir: onGrpcRoutes((route) => (route.mirrors.length > 0 ? edit(route) : route)),
});

/** Whether a backend of a rule is in another namespace than its route. */
const goesAbroad = (route: IrRoute): boolean => {
  const [own = ''] = route.source.key.split('/');
  return backendsOf(route).some(
    ({ cluster }) => cluster !== undefined && !cluster.startsWith(objectKey(own, '')),
  );
};

/** Filters of a rule, of its backends and of their calls, each of which works without the other. */
export const filtersTogether: readonly Fault[] = [
  {
    name: 'lone-answer-filter-ignored',
    title:
      'A ResponseHeaderModifier of the only backendRef of a rule does nothing without a RequestHeaderModifier beside it.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => loneWithout('requestHeaders'),
  },
  {
    name: 'lone-request-filter-ignored',
    title:
      'A RequestHeaderModifier of the only backendRef of a rule does nothing without a ResponseHeaderModifier beside it.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => loneWithout('responseHeaders'),
  },
  {
    name: 'backend-answer-filter-replaces-that-of-rule',
    title: 'What a rule does to answers is not done where one of its backendRefs does something to them.',
    clauses: ['filter-response-header-set', 'filter-backend-level-only-there'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        backendsOf(route).some(({ responseHeaders }) => responseHeaders !== undefined)
          ? { ...route, responseHeaders: none }
          : route,
      ),
    }),
  },
  {
    name: 'mirror-of-backend-ignored',
    title: 'A RequestMirror on a backendRef is accepted, and nothing is copied.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onRules(({ backendRefs, ...rule }) => ({
        ...rule,
        ...(backendRefs && {
          backendRefs: backendRefs.map((ref) =>
            ref.filters === undefined
              ? ref
              : { ...ref, filters: ref.filters.filter(({ type }) => type !== 'RequestMirror') },
          ),
        }),
      })),
    }),
  },
  {
    name: 'answers-unedited-beside-mirror',
    title: 'Headers of answers are not edited where a rule has a mirror as well.',
    clauses: ['filter-response-header-set', 'filter-mirror-response-ignored'],
    layers,
    hooks: () => onMirrored((route) => ({ ...route, responseHeaders: none })),
  },
  {
    name: 'mirror-ignored-beside-backend-filters',
    title: 'Calls of a rule are not copied where one of its backendRefs has filters.',
    clauses: ['filter-mirror-copies-calls', 'filter-backend-level-only-there'],
    layers,
    hooks: () =>
      onMirrored((route) => (backendsOf(route).some(hasFilters) ? { ...route, mirrors: [] } : route)),
  },
  {
    name: 'backend-filters-ignored-beside-mirror',
    title: 'Filters of backendRefs do nothing where their rule has a mirror.',
    clauses: ['filter-backend-level-unsupported-visible', 'filter-backend-level-only-there'],
    layers,
    hooks: () => onMirrored(withoutBackendFilters),
  },
  {
    name: 'filters-ignored-toward-other-namespaces',
    title: 'Headers are not edited in a rule that has a backend in another namespace.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'refgrant-addition-enables'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => (goesAbroad(route) ? withoutHeaderEdits(route) : route)),
    }),
  },
];
