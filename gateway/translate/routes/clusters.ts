import type { IrCluster } from '../../ir/ir.ts';
import { compareText } from '../memory/compare-text.ts';
import { clusterOf } from '../backends/endpoints.ts';
import type { EndpointSlice } from '../model/gateway-api.ts';
import { listDiff } from '../../../common/list-diff.ts';
import { editSorted } from '../memory/list-edit.ts';
import { deepEqual } from '../memory/memo.ts';
import type { BackendCluster } from '../backends/references.ts';
import { changedServices } from '../backends/slice-index.ts';
import type { SliceIndex } from '../backends/slice-index.ts';
import type { ServedRoute } from './served-route.ts';

interface Known {
  backend: BackendCluster;
  /** How many served routes name it. */
  uses: number;
  cluster: IrCluster;
}

const byName = { keyOf: ({ name }: IrCluster): string => name, compare: compareText };

/**
 * The clusters of one Gateway, by name in order; each keeps its identity as long as its endpoints are the same. Takes in only what
 * differs from the last call.
 */
export class ClusterTable {
  #routes: readonly ServedRoute[] = [];
  #slices: readonly EndpointSlice[] = [];
  readonly #known = new Map<string, Known>();
  /** Names of the known clusters of each Service. */
  readonly #byService = new Map<string, Set<string>>();
  #clusters: IrCluster[] = [];

  of(routes: readonly ServedRoute[], slices: SliceIndex): IrCluster[] {
    const { removed, added } = listDiff(this.#routes, routes);
    this.#routes = routes;
    const edits = new Map<string, IrCluster | undefined>();
    // Added first: a cluster that both name is not dropped in between.
    for (const { compiled } of added) for (const each of compiled.clusters) this.#add(each, slices, edits);
    for (const { compiled } of removed) for (const { name } of compiled.clusters) this.#remove(name, edits);
    if (this.#slices !== slices.list) this.#refresh(slices, edits);
    this.#slices = slices.list;
    if (edits.size > 0) this.#clusters = editSorted(this.#clusters, edits, byName);
    return this.#clusters;
  }

  /** A port of another name has other endpoints, though its cluster is called the same. */
  #add(backend: BackendCluster, slices: SliceIndex, edits: Map<string, IrCluster | undefined>): void {
    const { name, serviceKey, portName } = backend;
    const known = this.#known.get(name);
    if (known?.backend.portName === portName) {
      known.uses++;
      return;
    }
    const cluster = clusterOf(backend, slices.of(serviceKey));
    this.#known.set(name, { backend, uses: (known?.uses ?? 0) + 1, cluster });
    edits.set(name, cluster);
    const names = this.#byService.get(serviceKey);
    if (names === undefined) this.#byService.set(serviceKey, new Set([name]));
    else names.add(name);
  }

  #remove(name: string, edits: Map<string, IrCluster | undefined>): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    known.uses--;
    if (known.uses > 0) return;
    this.#known.delete(name);
    edits.set(name, undefined);
    const { serviceKey } = known.backend;
    const names = this.#byService.get(serviceKey);
    names?.delete(name);
    if (names?.size === 0) this.#byService.delete(serviceKey);
  }

  #refresh(slices: SliceIndex, edits: Map<string, IrCluster | undefined>): void {
    for (const serviceKey of changedServices(this.#slices, slices.list)) {
      for (const name of this.#byService.get(serviceKey) ?? []) {
        const known = this.#known.get(name);
        if (known === undefined) continue;
        const next = clusterOf(known.backend, slices.of(serviceKey));
        if (deepEqual(known.cluster, next)) continue;
        known.cluster = next;
        edits.set(name, next);
      }
    }
  }
}
