import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import type { RoutePlace } from '../hooks/ir.ts';
import { onRules } from '../hooks/objects.ts';
import { isHostless, ofNamed, underWildcards, withoutBackendFilters } from '../hooks/places.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Filters under a wildcard hostname. */
export const filtersUnderWildcards: readonly Fault[] = [
  {
    name: 'filters-ignored-under-wildcards',
    title: 'Filters are accepted and do nothing under a wildcard hostname.',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => {
      const none = { set: [], add: [], remove: [] };
      return underWildcards((route) => ({
        ...route,
        requestHeaders: none,
        responseHeaders: none,
        mirrors: [],
      }));
    },
  },
];

const none: IrHeaderEdit = { set: [], add: [], remove: [] };

/** Answers on HTTPS listeners, and what a split does to them. */
export const answersInPart: readonly Fault[] = [
  {
    name: 'answers-unedited-on-https',
    title: 'Headers of answers are not edited on HTTPS listeners.',
    clauses: ['filter-core-supported', 'filter-response-header-set'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }) =>
        port.protocol === 'HTTPS' ? { ...route, responseHeaders: none } : route,
      ),
    }),
  },
  {
    name: 'answers-unedited-in-splits',
    title: 'Headers of answers are not edited where a rule has several backends.',
    clauses: ['filter-core-supported', 'filter-response-header-set'],
    layers: [...layers, 'trailers'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'forward' && route.action.backends.length > 1
          ? { ...route, responseHeaders: none }
          : route,
      ),
    }),
  },
];

/** Filters of backendRefs, over TLS. */
export const backendFiltersOverTls: readonly Fault[] = [
  {
    name: 'backend-filters-ignored-on-https',
    title: 'On HTTPS listeners filters of backendRefs do nothing.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { port }) =>
        port.protocol === 'HTTPS' ? withoutBackendFilters(route) : route,
      ),
    }),
  },
];

const withAnswersUnedited = (route: IrRoute): IrRoute => ({ ...route, responseHeaders: none });

const withoutMirrors = (route: IrRoute): IrRoute => ({ ...route, mirrors: [] });

const onWildcard = ({ host }: RoutePlace): boolean => host.hostname !== '*' && isWildcard(host.hostname);

const onLaterPort = ({ port, gateway }: RoutePlace): boolean =>
  port.protocol === 'HTTP' && port.port !== Math.min(...gateway.ports.map((each) => each.port));

const inPlaces = (isMeant: (place: RoutePlace) => boolean, edit: (route: IrRoute) => IrRoute) => ({
  ir: onGrpcRoutes((route, place) => (isMeant(place) ? edit(route) : route)),
});

const ofHostless = (edit: (route: IrRoute) => IrRoute) =>
  ofNamed(isHostless, (isMeant) => onGrpcRoutes((route) => (isMeant(route) ? edit(route) : route)));

/** Filters on answers, and mirrors, that do nothing where those on calls work. */
export const filterPlaces: readonly Fault[] = [
  {
    name: 'answers-unedited-on-later-ports',
    title: 'Headers of answers are edited on the HTTP listener of the lowest port only.',
    clauses: ['filter-response-header-set', 'parentref-sectionname-omitted-all-listeners'],
    layers: [...layers, 'trailers'],
    hooks: () => inPlaces(onLaterPort, withAnswersUnedited),
  },
  {
    name: 'mirrors-ignored-on-later-ports',
    title: 'Calls are mirrored on the HTTP listener of the lowest port only.',
    clauses: ['filter-mirror-copies-calls', 'parentref-sectionname-omitted-all-listeners'],
    layers,
    hooks: () => inPlaces(onLaterPort, withoutMirrors),
  },
  {
    name: 'answers-unedited-under-wildcards',
    title: 'Headers of answers are not edited under a wildcard hostname.',
    clauses: ['filter-response-header-set', 'hostname-wildcard-route-suffix'],
    layers: [...layers, 'trailers'],
    hooks: () => inPlaces(onWildcard, withAnswersUnedited),
  },
  {
    name: 'mirrors-ignored-under-wildcards',
    title: 'Calls are not mirrored under a wildcard hostname.',
    clauses: ['filter-mirror-copies-calls', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => inPlaces(onWildcard, withoutMirrors),
  },
  {
    name: 'answers-unedited-on-hostless-routes',
    title: 'Headers of answers are not edited by a route without hostnames.',
    clauses: ['filter-response-header-set', 'hostname-both-unset-any-authority'],
    layers: [...layers, 'trailers'],
    hooks: () => ofHostless(withAnswersUnedited),
  },
  {
    name: 'mirrors-ignored-on-hostless-routes',
    title: 'Calls of a route without hostnames are not mirrored.',
    clauses: ['filter-mirror-copies-calls', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofHostless(withoutMirrors),
  },
];

/** Filters of backendRefs that do nothing where those of rules work. */
export const backendFilterPlaces: readonly Fault[] = [
  {
    name: 'backend-filters-ignored-on-later-ports',
    title: 'Filters of backendRefs work on the HTTP listener of the lowest port only.',
    clauses: ['filter-backend-level-only-there', 'parentref-sectionname-omitted-all-listeners'],
    layers,
    hooks: () => inPlaces(onLaterPort, withoutBackendFilters),
  },
  {
    name: 'backend-filters-ignored-under-wildcards',
    title: 'Filters of backendRefs do nothing under a wildcard hostname.',
    clauses: ['filter-backend-level-only-there', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => inPlaces(onWildcard, withoutBackendFilters),
  },
  {
    name: 'backend-filters-ignored-on-hostless-routes',
    title: 'Filters of backendRefs do nothing in a route without hostnames.',
    clauses: ['filter-backend-level-only-there', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofHostless(withoutBackendFilters),
  },
];

/** Custom filters under a wildcard hostname. */
export const extensionsUnderWildcards: readonly Fault[] = [
  {
    name: 'extension-ref-skipped-under-wildcards',
    title: 'Under a wildcard hostname calls pass without a custom filter that nobody knows.',
    clauses: ['filter-extensionref-unresolved-not-skipped', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      unseen(
        onRules((rule, _index, { spec: { hostnames = [] } }) =>
          rule.filters === undefined || !hostnames.every(isWildcard)
            ? rule
            : { ...rule, filters: rule.filters.filter(({ type }) => type !== 'ExtensionRef') },
        ),
      ),
  },
];
