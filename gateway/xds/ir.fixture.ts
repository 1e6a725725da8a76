import type { IrBackend, IrCluster, IrGateway, IrHost, IrRoute } from '../ir/ir.ts';

const noEdit = { set: [], add: [], remove: [] };

/** A GRPCRoute's route to every method, with what `changes` says. */
export function irRoute(name: string, changes: Partial<IrRoute> = {}): IrRoute {
  return {
    name,
    source: { kind: 'GRPCRoute', key: `test/${name}` },
    generation: 1,
    protocol: 'grpc',
    match: { path: { type: 'prefix', value: '/' }, headers: [], queryParams: [] },
    requestHeaders: noEdit,
    responseHeaders: noEdit,
    mirrors: [],
    action: { type: 'respond', httpStatus: 404 },
    ...changes,
  };
}

/** Shares as `[cluster, weight]`; undefined is an invalid backend. */
export function forward(...shares: [string | undefined, number][]): IrRoute['action'] {
  const backends = shares.map(([cluster, weight]): IrBackend => ({
    weight,
    ...(cluster !== undefined && { cluster }),
  }));
  return { type: 'forward', backends };
}

export function irHost(hostname: string, routes: IrRoute[], fallThrough = true): IrHost {
  return { hostname, routes, fallThrough };
}

/** One plaintext port; `clusters` by name to ports on loopback. */
export function irGateway(port: number, hosts: IrHost[], clusters: Record<string, number[]>): IrGateway {
  const all = Object.entries(clusters).map(([name, ports]): IrCluster => ({
    name,
    protocol: 'h2c',
    endpoints: ports.map((each) => ({ address: '127.0.0.1', port: each })),
  }));
  return {
    key: 'test/gateway',
    ports: [{ port, protocol: 'HTTP', tables: [{ id: `http-${port}`, hosts }] }],
    clusters: all,
  };
}
