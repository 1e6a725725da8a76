import type { IrCluster } from '../ir/ir.ts';
import { compareText } from './compiled.ts';
import { clusterOf } from './endpoints.ts';
import type { EndpointSlice } from './gateway-api.ts';
import { listDiff } from './list-diff.ts';
import { deepEqual } from './memo.ts';
import type { BackendCluster } from './references.ts';
import type { ServedRoute } from './verdicts.ts';

type Slices = ReadonlyMap<string, readonly EndpointSlice[]>;

interface Known {
  backend: BackendCluster;
  /** How many served routes name it. */
  uses: number;
  slices: readonly EndpointSlice[];
  cluster: IrCluster;
}

const noSlices: readonly EndpointSlice[] = [];

/** The clusters of one Gateway, by name in order; each keeps its identity as long as its endpoints are the same. */
export class ClusterTable {
  #routes: readonly ServedRoute[] = [];
  #slices: Slices | undefined;
  readonly #known = new Map<string, Known>();
  #clusters: Record<string, IrCluster> = {};

  of(routes: readonly ServedRoute[], slices: Slices): Record<string, IrCluster> {
    const { removed, added } = listDiff(this.#routes, routes);
    this.#routes = routes;
    // Added first: a cluster that both name is not dropped in between.
    const gained = added.map((route) => this.#add(route, slices));
    const lost = removed.map((route) => this.#remove(route));
    const namesChanged = gained.includes(true) || lost.includes(true);
    const endpointsChanged = this.#slices !== slices && this.#refresh(slices);
    this.#slices = slices;
    if (namesChanged) this.#clusters = sorted(this.#known);
    else if (endpointsChanged) this.#clusters = this.#inPlace();
    return this.#clusters;
  }

  /** Whether a name was added or, for a port of another name, its cluster changed. */
  #add({ compiled }: ServedRoute, slices: Slices): boolean {
    let changed = false;
    for (const backend of compiled.clusters) {
      const known = this.#known.get(backend.name);
      if (known !== undefined && known.backend.portName === backend.portName) known.uses++;
      else {
        const own = slices.get(backend.serviceKey) ?? noSlices;
        const cluster = clusterOf(backend, own);
        this.#known.set(backend.name, { backend, uses: (known?.uses ?? 0) + 1, slices: own, cluster });
        changed = true;
      }
    }
    return changed;
  }

  #remove({ compiled }: ServedRoute): boolean {
    let changed = false;
    for (const { name } of compiled.clusters) {
      const known = this.#known.get(name);
      if (known === undefined) continue;
      known.uses--;
      if (known.uses <= 0) changed = this.#known.delete(name);
    }
    return changed;
  }

  #refresh(slices: Slices): boolean {
    let changed = false;
    for (const known of this.#known.values()) {
      const own = slices.get(known.backend.serviceKey) ?? noSlices;
      if (known.slices === own) continue;
      known.slices = own;
      const next = clusterOf(known.backend, own);
      if (deepEqual(known.cluster, next)) continue;
      known.cluster = next;
      changed = true;
    }
    return changed;
  }

  #inPlace(): Record<string, IrCluster> {
    const next: Record<string, IrCluster> = {};
    for (const [name, cluster] of Object.entries(this.#clusters)) {
      next[name] = this.#known.get(name)?.cluster ?? cluster;
    }
    return next;
  }
}

function sorted(known: ReadonlyMap<string, Known>): Record<string, IrCluster> {
  const entries = [...known.values()].map(({ cluster }) => [cluster.name, cluster] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => compareText(left, right)));
}
