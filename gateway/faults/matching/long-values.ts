import type { Fault } from '../fault.ts';
import { onGrpcRoutes, unmatchable } from '../hooks/ir.ts';

/** Names and values that are longer than most. */
export const longMatches: readonly Fault[] = [
  {
    name: 'long-method-name-unserved',
    title: 'Matches on service and method of more than 150 characters together take no call.',
    clauses: ['method-exact-service-and-method'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.path.type === 'exact' && route.match.path.value.length > 150 ? undefined : route,
      ),
    }),
  },
  {
    name: 'long-header-value-never-matches',
    title: 'An Exact match on a header value of more than 256 characters takes no call.',
    clauses: ['header-exact-value'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.headers.some(({ match }) => match.type === 'exact' && match.value.length > 256)
          ? undefined
          : route,
      ),
    }),
  },
  {
    name: 'long-header-name-never-matches',
    title: 'A match on a header whose name has more than 64 characters takes no call.',
    clauses: ['header-exact-value'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.match.headers.some(({ name }) => name.length > 64) ? undefined : route,
      ),
    }),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** Matches that are as long as the CRD allows. */
export const longestMatches: readonly Fault[] = [
  {
    name: 'header-value-beyond-one-kib-never-matches',
    title: 'An Exact match on a header value of more than 1,024 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.length > 1024) }),
  },
  {
    name: 'header-value-cut-after-one-kib',
    title: 'Of an Exact header value the first 1,024 characters are compared.',
    clauses: ['header-exact-value', 'header-exact-whole-value'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        match: {
          ...route.match,
          headers: route.match.headers.map((header) =>
            header.match.type === 'exact' && header.match.value.length > 1024
              ? { ...header, match: { type: 'prefix' as const, value: header.match.value.slice(0, 1024) } }
              : header,
          ),
        },
      })),
    }),
  },
  {
    name: 'header-name-beyond-128-never-matches',
    title: 'A match on a header whose name has more than 128 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ name }) => name.length > 128) }),
  },
  {
    name: 'method-beyond-512-unserved',
    title: 'Matches on service and method of more than 512 characters together take no call.',
    clauses: ['method-exact-service-and-method'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes(({ ...route }) =>
        route.match.path.type === 'exact' && route.match.path.value.length > 512 ? undefined : route,
      ),
    }),
  },
];
