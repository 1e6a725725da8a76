import type { Fault } from '../fault.ts';
import { onLaterHostnames, underWildcards } from '../hooks/places.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Matches that do not hold at every hostname of their route. */
export const onLaterHosts: readonly Fault[] = [
  {
    name: 'headers-of-later-hostnames-ignored',
    title: 'Header matches of a route with several hostnames hold for the first of them.',
    clauses: ['header-exact-value', 'hostname-entries-ored'],
    layers,
    hooks: () => onLaterHostnames((route) => ({ ...route, match: { ...route.match, headers: [] } })),
  },
];

/** Matches that do not hold under a wildcard hostname. */
export const onWildcardHosts: readonly Fault[] = [
  {
    name: 'headers-ignored-under-wildcards',
    title: 'Header matches do not hold under a wildcard hostname.',
    clauses: ['header-exact-value', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => underWildcards((route) => ({ ...route, match: { ...route.match, headers: [] } })),
  },
  {
    name: 'methods-ignored-under-wildcards',
    title: 'Methods are not looked at under a wildcard hostname.',
    clauses: ['method-exact-service-and-method', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      underWildcards((route) => ({
        ...route,
        match: { ...route.match, path: { type: 'prefix', value: '/' } },
      })),
  },
];
