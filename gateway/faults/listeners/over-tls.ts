import type { IrRoute, IrTable } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { mapSame, remembered } from '../hooks/memo.ts';

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

const withoutHeaders = (route: IrRoute): IrRoute => ({ ...route, match: { ...route.match, headers: [] } });

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
export const overTls: readonly Fault[] = [
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
