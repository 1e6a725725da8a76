import { keyOf } from '../../../common/object-key.ts';
import type { IrRoute, IrTable } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
import {
  inListedOrder,
  isHostless,
  ofNamed,
  onMeantHosts,
  onRoutesNamed,
  withEqualWeights,
  withoutHeaderEdits,
  withoutHeaders,
} from '../hooks/places.ts';
import type { Meant } from '../hooks/places.ts';

const layers: Fault['layers'] = ['routed', 'backend'];
const noEdits: IrRoute['requestHeaders'] = { set: [], add: [], remove: [] };

/** Edits routes of GRPCRoutes in the tables of some ports only. */
function onPorts(
  isMeant: (port: { port: number; protocol: string }, lowest: number) => boolean,
  edit: (route: IrRoute) => IrRoute,
): FaultHooks {
  const editRoute = remembered((route: IrRoute) => (route.source.kind === 'GRPCRoute' ? edit(route) : route));
  const editTable = remembered((table: IrTable): IrTable => ({
    ...table,
    hosts: mapSame(table.hosts, (host) => ({ ...host, routes: mapSame(host.routes, editRoute) })),
  }));
  return {
    ir: onTables((table, port, gateway) =>
      isMeant(port, Math.min(...gateway.ports.map((each) => each.port))) ? editTable(table) : table,
    ),
  };
}

const onHttps = (edit: (route: IrRoute) => IrRoute): FaultHooks =>
  onPorts(({ protocol }) => protocol === 'HTTPS', edit);

const onLaterPorts = (edit: (route: IrRoute) => IrRoute): FaultHooks =>
  onPorts(({ port, protocol }, lowest) => protocol === 'HTTP' && port !== lowest, edit);

const withoutFilters = (route: IrRoute): IrRoute => ({
  ...route,
  requestHeaders: noEdits,
  responseHeaders: noEdits,
  mirrors: [],
});

const withoutWeights = (route: IrRoute): IrRoute =>
  route.action.type === 'forward'
    ? {
        ...route,
        action: { ...route.action, backends: route.action.backends.map((each) => ({ ...each, weight: 1 })) },
      }
    : route;

/** Routes that are served in full on the first HTTP listener of their Gateway only. */
export const firstListenerOnly: readonly Fault[] = [
  {
    name: 'headers-ignored-on-https',
    title: 'On HTTPS listeners header matches are not looked at.',
    clauses: ['header-exact-value', 'header-missing-does-not-match'],
    layers,
    hooks: () => onHttps(withoutHeaders),
  },
  {
    name: 'filters-ignored-on-https',
    title: 'On HTTPS listeners filters are accepted and do nothing.',
    clauses: ['filter-core-supported', 'filter-request-header-set'],
    layers,
    hooks: () => onHttps(withoutFilters),
  },
  {
    name: 'weights-ignored-on-https',
    title: 'On HTTPS listeners all backends of a rule get the same share.',
    clauses: ['weight-proportional'],
    layers,
    hooks: () => onHttps(withoutWeights),
  },
  {
    name: 'headers-ignored-on-later-ports',
    title: 'Header matches hold on the HTTP listener of the lowest port only.',
    clauses: ['header-exact-value', 'header-missing-does-not-match'],
    layers,
    hooks: () => onLaterPorts(withoutHeaders),
  },
  {
    name: 'filters-ignored-on-later-ports',
    title: 'Filters work on the HTTP listener of the lowest port only.',
    clauses: ['filter-core-supported', 'filter-request-header-set'],
    layers,
    reference: 'envoyproxy/gateway#7559',
    hooks: () => onLaterPorts(withoutFilters),
  },
  {
    name: 'weights-ignored-on-later-ports',
    title: 'Weights hold on the HTTP listener of the lowest port only.',
    clauses: ['weight-proportional'],
    layers,
    hooks: () => onLaterPorts(withoutWeights),
  },
];

/** Routes without hostnames, which do not get all that others do. */
export const hostlessRoutes: readonly Fault[] = [
  {
    name: 'headers-ignored-on-hostless-routes',
    title: 'Header matches of a route without hostnames are not looked at.',
    clauses: ['hostname-both-unset-any-authority', 'hostname-route-unset-inherits-listener'],
    layers,
    hooks: () => onRoutesNamed(isHostless, withoutHeaders),
  },
  {
    name: 'filters-ignored-on-hostless-routes',
    title: 'Filters of a route without hostnames do nothing.',
    clauses: ['hostname-both-unset-any-authority', 'hostname-route-unset-inherits-listener'],
    layers,
    hooks: () => onRoutesNamed(isHostless, withoutHeaderEdits),
  },
];

const plain = onMeantHosts((host, isMeant) => ({
  ...host,
  routes: host.routes.map((route) => (isMeant(route) ? withoutHeaders(route) : route)),
}));

/** As routes were first. */
const unedited = (meant: Meant): NonNullable<FaultHooks['ir']> => {
  const first = new Map<string, IrRoute>();
  return onMeantHosts((host, isMeant, id) => ({
    ...host,
    routes: host.routes.map((route) => {
      if (!isMeant(route)) return route;
      const kept = first.get(`${id} ${route.name}`) ?? route;
      first.set(`${id} ${route.name}`, kept);
      return kept;
    }),
  }))(meant);
};

const onLaterPort: Meant = (_route, { port, gateway }) =>
  port.protocol === 'HTTP' && port.port !== Math.min(...gateway.ports.map((each) => each.port));

/** At each Gateway that a route names but its first. */
function onLaterGateways(make: (meant: Meant) => NonNullable<FaultHooks['ir']>): FaultHooks {
  const first = new Map<string, string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes) {
        const [ref] = route.spec.parentRefs ?? [];
        if (ref !== undefined)
          first.set(keyOf(route), `${ref.namespace ?? route.metadata.namespace ?? ''}/${ref.name}`);
      }
      return input;
    },
    ir: make(({ source }, { gateway }) => (first.get(source.key) ?? gateway.key) !== gateway.key),
  };
}

/** Routes at later ports and Gateways, and without hostnames, whose edits, order or weights do not count. */
export const laterPlaces: readonly Fault[] = [
  {
    name: 'order-of-listing-on-later-ports',
    title: 'On every HTTP listener but that of the lowest port the first rule in the listing that fits wins.',
    clauses: ['precedence-not-listing-order'],
    layers,
    hooks: () => ({ ir: inListedOrder(onLaterPort) }),
  },
  {
    name: 'edits-unnoticed-on-later-ports',
    title: 'On every HTTP listener but that of the lowest port a route is served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => ({ ir: unedited(onLaterPort) }),
  },
  {
    name: 'order-of-listing-on-hostless-routes',
    title: 'Of a route without hostnames the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofNamed(isHostless, inListedOrder),
  },
  {
    name: 'weights-ignored-on-hostless-routes',
    title: 'All backends of a rule get the same share where their route has no hostnames.',
    clauses: ['weight-proportional', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofNamed(isHostless, withEqualWeights),
  },
  {
    name: 'edits-unnoticed-on-hostless-routes',
    title: 'A route without hostnames is served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => ofNamed(isHostless, unedited),
  },
  {
    name: 'order-of-listing-on-later-gateways',
    title: 'On all Gateways of a route but the first the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(inListedOrder),
  },
  {
    name: 'headers-ignored-on-later-gateways',
    title: 'Header matches of a route hold on the first of its Gateways only.',
    clauses: ['header-exact-value', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(plain),
  },
  {
    name: 'weights-ignored-on-later-gateways',
    title: 'Weights of a route hold on the first of its Gateways only.',
    clauses: ['weight-proportional', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(withEqualWeights),
  },
];
