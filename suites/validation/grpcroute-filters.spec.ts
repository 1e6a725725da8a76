import { scenario } from '../../harness/index.ts';
import {
  extension,
  mirror,
  requestHeaders,
  setOnRequest,
  setOnResponse,
  service,
  withBackends,
  withFilters,
  withMirror,
} from './grpcroute-objects.ts';
import {
  clausesOf,
  duplicate,
  judge,
  many,
  missing,
  outOfRange,
  tooLong,
  tooMany,
  tooShort,
  unknownValue,
  type Case,
} from './judge.ts';

const filters = 'spec.rules[0].filters';
const first = `${filters}[0]`;
const inMirror = `${first}.requestMirror`;
const inHeaders = `${first}.requestHeaderModifier`;
const onRequest = (requestHeaderModifier: object): ReturnType<typeof withFilters> =>
  withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier });
const headers = (count: number): { name: string; value: string }[] =>
  many(count, (i) => ({ name: `x-${String(i)}`, value: 'v' }));

/** Each type of filter, its setting, and another type in which that setting is misplaced. */
const bodies = [
  { slug: 'request-header-modifier', body: 'requestHeaderModifier', good: setOnRequest, other: mirror },
  { slug: 'response-header-modifier', body: 'responseHeaderModifier', good: setOnResponse, other: mirror },
  { slug: 'request-mirror', body: 'requestMirror', good: mirror, other: setOnRequest },
  { slug: 'extension-ref', body: 'extensionRef', good: extension, other: mirror },
];

const bodyCases = bodies.flatMap(({ slug, body, good, other }): Case[] => [
  {
    clauses: [`validation-grpcroute-filter-${slug}-missing`],
    wrong: `${good.type} without ${body}`,
    accepted: [withFilters(good), withBackends({ ...service, filters: [good] })],
    refused: [withFilters({ type: good.type }), withBackends({ ...service, filters: [{ type: good.type }] })],
    field: 'filters[0]',
    says: new RegExp(`filter\\.${body} must be specified for ${good.type}`),
  },
  {
    clauses: [`validation-grpcroute-filter-${slug}-misplaced`],
    wrong: `${body} in a ${other.type}`,
    accepted: [withFilters(other)],
    refused: [withFilters({ ...good, ...other })],
    field: first,
    says: new RegExp(`filter\\.${body} must be nil if the filter.type is not ${good.type}`),
  },
]);

const cases: Case[] = [
  ...bodyCases,
  {
    clauses: ['validation-grpcroute-filters-max'],
    wrong: '17 filters, in a rule and in a backendRef',
    accepted: [
      withFilters(...many(16, () => extension)),
      withBackends({ ...service, filters: many(16, () => extension) }),
    ],
    refused: [
      withFilters(...many(17, () => extension)),
      withBackends({ ...service, filters: many(17, () => extension) }),
    ],
    field: 'filters',
    says: tooMany,
  },
  {
    clauses: ['validation-grpcroute-filter-type-enum'],
    wrong: 'the types of HTTPRoute',
    accepted: [withFilters(extension)],
    refused: [withFilters({ ...extension, type: 'URLRewrite' }), withFilters({ ...extension, type: 'CORS' })],
    field: `${first}.type`,
    says: unknownValue,
  },
  {
    clauses: ['validation-grpcroute-filter-type-enum'],
    wrong: 'no type',
    accepted: [withFilters(setOnRequest)],
    refused: [withFilters({ requestHeaderModifier: requestHeaders })],
    field: `${first}.type`,
    says: missing,
  },
  {
    clauses: [
      'validation-grpcroute-filter-request-header-repeated',
      'validation-grpcroute-filter-mirror-repeatable',
    ],
    wrong: 'two RequestHeaderModifiers',
    accepted: [
      withFilters(mirror, mirror),
      withFilters(extension, extension),
      withFilters(setOnRequest, mirror),
    ],
    refused: [withFilters(setOnRequest, setOnRequest)],
    field: filters,
    says: /RequestHeaderModifier filter cannot be repeated/,
  },
  {
    clauses: ['validation-grpcroute-filter-response-header-repeated'],
    wrong: 'two ResponseHeaderModifiers',
    accepted: [withFilters(setOnRequest, setOnResponse)],
    refused: [withFilters(setOnResponse, setOnResponse)],
    field: filters,
    says: /ResponseHeaderModifier filter cannot be repeated/,
  },
  {
    clauses: ['validation-grpcroute-backend-filter-repeated'],
    wrong: 'a header modifier twice in a backendRef',
    accepted: [withBackends({ ...service, filters: [setOnRequest, setOnResponse] })],
    refused: [setOnRequest, setOnResponse].map((filter) =>
      withBackends({ ...service, filters: [filter, filter] }),
    ),
    field: 'spec.rules[0].backendRefs[0].filters',
    says: /(Request|Response)HeaderModifier filter cannot be repeated/,
  },
  ...['set', 'add'].map((list): Case => ({
    clauses: ['validation-grpcroute-header-filter-duplicate'],
    wrong: `one name twice in ${list}`,
    accepted: [onRequest({ [list]: headers(2) })],
    refused: [onRequest({ [list]: [...headers(1), ...headers(1)] })],
    field: `${inHeaders}.${list}`,
    says: duplicate,
  })),
  {
    clauses: ['validation-grpcroute-header-filter-remove-duplicate'],
    wrong: 'one name twice in remove',
    accepted: [onRequest({ remove: ['x-a', 'x-b'] })],
    refused: [onRequest({ remove: ['x-a', 'x-a'] })],
    field: `${inHeaders}.remove`,
    says: duplicate,
  },
  ...['set', 'add', 'remove'].map((list): Case => {
    const items = (count: number): object =>
      onRequest({ [list]: list === 'remove' ? headers(count).map(({ name }) => name) : headers(count) });
    return {
      clauses: ['validation-grpcroute-header-filter-max'],
      wrong: `17 entries in ${list}`,
      accepted: [items(16)],
      refused: [items(17)],
      field: `${inHeaders}.${list}`,
      says: tooMany,
    };
  }),
  {
    clauses: ['validation-grpcroute-header-filter-value'],
    wrong: 'an empty value',
    accepted: [onRequest({ set: [{ name: 'x-a', value: '1' }] })],
    refused: [onRequest({ set: [{ name: 'x-a', value: '' }] })],
    field: `${inHeaders}.set[0].value`,
    says: tooShort,
  },
  {
    clauses: ['validation-grpcroute-header-filter-value'],
    wrong: 'a value of 4097 characters',
    accepted: [onRequest({ set: [{ name: 'x-a', value: 'v'.repeat(4096) }] })],
    refused: [onRequest({ set: [{ name: 'x-a', value: 'v'.repeat(4097) }] })],
    field: `${inHeaders}.set[0].value`,
    says: tooLong,
  },
  {
    clauses: ['validation-grpcroute-mirror-percent-range'],
    wrong: '-1 and 101 percent',
    accepted: [withMirror({ percent: 0 }), withMirror({ percent: 100 })],
    refused: [withMirror({ percent: -1 }), withMirror({ percent: 101 })],
    field: `${inMirror}.percent`,
    says: outOfRange,
  },
  {
    clauses: ['validation-grpcroute-mirror-percent-xor-fraction'],
    wrong: 'percent and fraction',
    accepted: [withMirror({ percent: 10 }), withMirror({ fraction: { numerator: 1, denominator: 10 } })],
    refused: [withMirror({ percent: 10, fraction: { numerator: 1, denominator: 10 } })],
    field: inMirror,
    says: /Only one of percent or fraction may be specified/,
  },
  {
    clauses: ['validation-grpcroute-mirror-fraction-order'],
    wrong: 'a fraction above one',
    accepted: [withMirror({ fraction: { numerator: 100, denominator: 100 } })],
    refused: [
      withMirror({ fraction: { numerator: 101, denominator: 100 } }),
      withMirror({ fraction: { numerator: 101 } }),
    ],
    field: `${inMirror}.fraction`,
    says: /numerator must be less than or equal to denominator/,
  },
  {
    clauses: ['validation-grpcroute-mirror-fraction-bounds'],
    wrong: 'a negative numerator, a denominator of 0',
    accepted: [withMirror({ fraction: { numerator: 0, denominator: 1 } })],
    refused: [
      withMirror({ fraction: { numerator: -1, denominator: 1 } }),
      withMirror({ fraction: { numerator: 0, denominator: 0 } }),
    ],
    field: `${inMirror}.fraction`,
    says: outOfRange,
  },
  {
    clauses: ['validation-grpcroute-mirror-fraction-bounds'],
    wrong: 'no numerator',
    accepted: [withMirror({ fraction: { numerator: 1 } })],
    refused: [withMirror({ fraction: { denominator: 10 } })],
    field: `${inMirror}.fraction.numerator`,
    says: missing,
  },
  {
    clauses: ['validation-grpcroute-mirror-backend-port'],
    wrong: 'a mirror to a Service without port',
    accepted: [withMirror({}, { name: 'v1', port: 9000 })],
    refused: [withMirror({}, { name: 'v1' })],
    field: `${inMirror}.backendRef`,
    says: /Must have port for Service reference/,
  },
  ...['group', 'kind', 'name'].map((absent): Case => ({
    clauses: ['validation-grpcroute-extensionref-fields'],
    wrong: `no ${absent}`,
    accepted: [withFilters(extension)],
    refused: [
      withFilters({
        ...extension,
        extensionRef: Object.fromEntries(
          Object.entries(extension.extensionRef).filter(([field]) => field !== absent),
        ),
      }),
    ],
    field: `${first}.extensionRef.${absent}`,
    says: missing,
  })),
];

scenario(
  {
    id: 'validation/grpcroute-filters',
    title: 'The API server refuses filters that GRPCRoute does not allow, and says where',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
