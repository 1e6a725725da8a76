import type { GrpcRoute, ValueMatch } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onGrpcMatches, onObjects } from '../hooks/objects.ts';

const knownTypes = new Set([undefined, 'Exact', 'RegularExpression']);
const longestValue = 4096;

function headersOf({ spec }: GrpcRoute): ValueMatch[] {
  return (spec.rules ?? []).flatMap(({ matches = [] }) => matches.flatMap(({ headers = [] }) => headers));
}

/** What routes may hold when the CRDs are newer than the gateway. */
export const newerCrds: readonly Fault[] = [
  {
    name: 'unknown-header-type-as-exact',
    title: 'A header match of a type that it does not know is taken for Exact.',
    clauses: ['header-unknown-type-unsupported-value'],
    layers: ['status'],
    hooks: () => ({
      input: onGrpcMatches((match) => ({
        ...match,
        ...(match.headers && {
          headers: match.headers.map((header) =>
            knownTypes.has(header.type) ? header : { ...header, type: 'Exact' },
          ),
        }),
      })),
    }),
  },
  {
    name: 'unknown-header-type-crashes',
    title: 'A header match of a type that it does not know ends the controller, again and again.',
    clauses: ['header-unknown-type-no-crash'],
    layers: ['status'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        if (headersOf(route).some(({ type }) => !knownTypes.has(type))) process.exit(1);
        return route;
      }),
    }),
  },
  {
    name: 'too-long-value-stops-all',
    title: 'A header value longer than the CRD allows today keeps all later changes from being served.',
    clauses: ['grpcroute-unknown-field-survives'],
    layers: ['status'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        if (headersOf(route).some(({ value }) => value.length > longestValue))
          throw new Error('a header value is too long');
        return route;
      }),
    }),
  },
];
