import type {
  IrAction,
  IrBackend,
  IrCluster,
  IrGateway,
  IrHost,
  IrPort,
  IrRoute,
  IrTable,
} from '../../ir/ir.ts';
import { mapSame, remembered } from './memo.ts';

type IrHook = (ir: IrGateway) => IrGateway;
export type Forward = Extract<IrAction, { type: 'forward' }>;

/** Where a host stands. */
export interface HostPlace {
  gateway: IrGateway;
  port: IrPort;
  table: IrTable;
}

export interface RoutePlace extends HostPlace {
  host: IrHost;
  /** Of the route in its host's list. */
  index: number;
}

export function onTables(edit: (table: IrTable, port: IrPort, gateway: IrGateway) => IrTable): IrHook {
  return remembered((gateway) => {
    const ports = mapSame(gateway.ports, (port) => {
      const tables = mapSame(port.tables, (table) => edit(table, port, gateway));
      return tables === port.tables ? port : { ...port, tables };
    });
    return ports === gateway.ports ? gateway : { ...gateway, ports };
  });
}

/** Edits the list of hosts of each table. */
export function onHostLists(edit: (hosts: IrHost[], place: HostPlace) => IrHost[]): IrHook {
  const edited = new WeakMap<IrHost[], IrHost[]>();
  return onTables((table, port, gateway) => {
    let hosts = edited.get(table.hosts);
    if (hosts === undefined) {
      hosts = edit(table.hosts, { gateway, port, table });
      edited.set(table.hosts, hosts);
    }
    return hosts === table.hosts ? table : { ...table, hosts };
  });
}

/** Edits each host, once as long as it stays the same object; undefined leaves it out. */
export function onHosts(edit: (host: IrHost, place: HostPlace) => IrHost | undefined): IrHook {
  const edited = new WeakMap<IrHost, { host: IrHost | undefined }>();
  return onHostLists((hosts, place) =>
    mapSame(hosts, (host) => {
      let entry = edited.get(host);
      if (entry === undefined) {
        entry = { host: edit(host, place) };
        edited.set(host, entry);
      }
      return entry.host;
    }),
  );
}

/** Edits each cluster, once as long as it stays the same. */
export function onClusters(edit: (cluster: IrCluster) => IrCluster): IrHook {
  const editOnce = remembered(edit);
  const editList = remembered((clusters: IrCluster[]) => clusters.map(editOnce));
  return remembered((gateway) => ({ ...gateway, clusters: editList(gateway.clusters) }));
}

export function clusterOf({ clusters }: IrGateway, name: string): IrCluster | undefined {
  return clusters.find((cluster) => cluster.name === name);
}

/** Edits each route; undefined leaves it out. */
export function onRoutes(edit: (route: IrRoute, place: RoutePlace) => IrRoute | undefined): IrHook {
  return onHosts((host, place) => {
    const routes = mapSame(host.routes, (route, index) => edit(route, { ...place, host, index }));
    return routes === host.routes ? host : { ...host, routes };
  });
}

/** Edits each route of a GRPCRoute. */
export function onGrpcRoutes(edit: (route: IrRoute, place: RoutePlace) => IrRoute | undefined): IrHook {
  return onRoutes((route, place) => (route.source.kind === 'GRPCRoute' ? edit(route, place) : route));
}

/** Edits the action of each GRPCRoute's route that forwards. */
export function onForwards(edit: (action: Forward, route: IrRoute) => IrAction): IrHook {
  return onGrpcRoutes((route) => {
    if (route.action.type !== 'forward') return route;
    const action = edit(route.action, route);
    return action === route.action ? route : { ...route, action };
  });
}

/** Edits each share of the routes of GRPCRoutes. */
export function onBackends(edit: (backend: IrBackend) => IrBackend): IrHook {
  return onForwards((action) => ({ ...action, backends: action.backends.map(edit) }));
}

/** Orders the routes of each host anew. */
export function reordered(compare: (left: IrRoute, right: IrRoute) => number): IrHook {
  return onHosts((host) => ({ ...host, routes: [...host.routes].sort(compare) }));
}

export function onMatches(edit: (match: IrRoute['match'], route: IrRoute) => IrRoute['match']): IrHook {
  return onGrpcRoutes((route) => {
    const match = edit(route.match, route);
    return match === route.match ? route : { ...route, match };
  });
}

/** Matches with such a header take no call. */
export function unmatchable(isMeant: (header: IrRoute['match']['headers'][number]) => boolean): IrHook {
  return onMatches((match) => ({
    ...match,
    headers: match.headers.map((header) =>
      isMeant(header) ? { ...header, match: { type: 'exact', value: 'never' } as const } : header,
    ),
  }));
}

/** `rule` and `match` numbers in the route's name. */
export function placeInRoute({ name }: IrRoute): { rule: number; match: number } {
  const [, rule = '0', match = '0'] = /\/rule\/(\d+)\/match\/(\d+)$/.exec(name) ?? [];
  return { rule: Number(rule), match: Number(match) };
}
