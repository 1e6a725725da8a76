import type { IrCluster } from '../ir/ir.ts';
import type { CompiledRoute } from './compiled.ts';
import { clusterOf } from './endpoints.ts';
import type { EndpointSlice } from './gateway-api.ts';
import { deepEqual, sameElements } from './memo.ts';
import type { BackendCluster } from './references.ts';

type Slices = ReadonlyMap<string, readonly EndpointSlice[]>;

interface KnownCluster {
  portName: string;
  slices: readonly EndpointSlice[];
  cluster: IrCluster;
}

const noSlices: readonly EndpointSlice[] = [];

/** The clusters of one Gateway, by name in order; each keeps its identity as long as its endpoints are the same. */
export class ClusterTable {
  #routes: readonly CompiledRoute[] | undefined;
  #slices: Slices | undefined;
  #known = new Map<string, KnownCluster>();
  #clusters: Record<string, IrCluster> = {};

  of(routes: readonly CompiledRoute[], slices: Slices): Record<string, IrCluster> {
    if (this.#slices === slices && sameElements(this.#routes, routes)) return this.#clusters;
    this.#routes = routes;
    this.#slices = slices;
    const backends = new Map<string, BackendCluster>();
    for (const { clusters } of routes) for (const cluster of clusters) backends.set(cluster.name, cluster);
    const known = new Map<string, KnownCluster>();
    for (const [name, backend] of backends) known.set(name, this.#cluster(backend, slices));
    this.#known = known;
    const entries = [...known.keys()].sort().flatMap((name) => {
      const cluster = known.get(name)?.cluster;
      return cluster === undefined ? [] : [[name, cluster] as const];
    });
    const next = Object.fromEntries(entries);
    if (!sameRecord(this.#clusters, next)) this.#clusters = next;
    return this.#clusters;
  }

  #cluster(backend: BackendCluster, slices: Slices): KnownCluster {
    const own = slices.get(backend.serviceKey) ?? noSlices;
    const known = this.#known.get(backend.name);
    if (known?.slices === own && known.portName === backend.portName) return known;
    const next = clusterOf(backend, own);
    const cluster = known !== undefined && deepEqual(known.cluster, next) ? known.cluster : next;
    return { portName: backend.portName, slices: own, cluster };
  }
}

function sameRecord(left: Record<string, IrCluster>, right: Record<string, IrCluster>): boolean {
  return (
    sameElements(Object.keys(left), Object.keys(right)) &&
    sameElements(Object.values(left), Object.values(right))
  );
}
