import type { GrpcRouteMatch } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcMatches } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const withoutHeaders = ({ headers: _headers, ...match }: GrpcRouteMatch): GrpcRouteMatch => match;

/** Leaves the headers of such matches away. */
const headersIgnoredIn = (
  isMeant: (method: NonNullable<GrpcRouteMatch['method']>) => boolean,
): FaultHooks => ({
  input: onGrpcMatches((match) =>
    match.method !== undefined && isMeant(match.method) ? withoutHeaders(match) : match,
  ),
});

/** Matches that go wrong beside others. */
export const besideOtherMatches: readonly Fault[] = [
  {
    name: 'pattern-beside-exact-header-ignored',
    title: 'Of a match with Exact and RegularExpression headers only the Exact ones count.',
    clauses: ['match-all-of-headers', 'header-regex-value'],
    layers,
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const exact = (match.headers ?? []).filter(({ type }) => type !== 'RegularExpression');
        return exact.length === 0 ? match : { ...match, headers: exact };
      }),
    }),
  },
  {
    name: 'headers-beside-pattern-ignored',
    title: 'Headers beside a method that is matched by RegularExpression are not looked at.',
    clauses: ['match-all-of-conditions', 'method-regex-service-and-method'],
    layers,
    hooks: () => headersIgnoredIn(({ type }) => type === 'RegularExpression'),
  },
  {
    name: 'headers-beside-lone-method-ignored',
    title: 'Headers beside a method without a service are not looked at.',
    clauses: ['match-all-of-conditions', 'method-exact-method-only'],
    layers,
    hooks: () => headersIgnoredIn(({ service = '', method = '' }) => service === '' && method !== ''),
  },
  {
    name: 'headers-beside-lone-service-ignored',
    title: 'Headers beside a service without a method are not looked at.',
    clauses: ['match-all-of-conditions', 'method-exact-service-only'],
    layers,
    hooks: () => headersIgnoredIn(({ service = '', method = '' }) => service !== '' && method === ''),
  },
  {
    name: 'empty-headers-match-nothing',
    title: 'A match whose list of headers is written and empty takes no call.',
    clauses: ['match-headers-omitted-any-metadata', 'method-exact-service-and-method'],
    layers,
    hooks: () => ({
      input: onGrpcMatches((match) =>
        match.headers?.length === 0 ? { ...match, headers: [{ name: 'x-nobody-sends', value: '1' }] } : match,
      ),
    }),
  },
];
