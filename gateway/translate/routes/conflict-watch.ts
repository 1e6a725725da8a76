import { HostnameSet } from './kind-conflicts.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { ListenerModel } from '../gateways/listener-model.ts';
import type { ServedRoute } from './served-route.ts';

type Hostnames = Record<RouteKind, HostnameSet>;

/**
 * Tells whether a change may concern a conflict between GRPCRoutes and HTTPRoutes. A candidate that overlaps with none of the other
 * kind neither loses nor stands in the way of another, whatever the others are.
 */
export class ConflictWatch {
  readonly #listeners = new WeakMap<ListenerModel, Hostnames>();

  add(candidates: readonly ServedRoute[]): void {
    for (const candidate of candidates) {
      const own = this.#of(candidate)[candidate.kind];
      for (const hostname of candidate.hostnames) own.add(hostname);
    }
  }

  /**
   * Takes `gone` out and `come` in.
   *
   * @returns false when one of them meets a route of the other kind; what this knows then is of no use any more
   */
  stayOut(gone: readonly ServedRoute[], come: readonly ServedRoute[]): boolean {
    if (gone.some((candidate) => this.#meets(candidate))) return false;
    this.#remove(gone);
    this.add(come);
    return !come.some((candidate) => this.#meets(candidate));
  }

  #remove(candidates: readonly ServedRoute[]): void {
    for (const candidate of candidates) {
      const own = this.#of(candidate)[candidate.kind];
      for (const hostname of candidate.hostnames) own.delete(hostname);
    }
  }

  #meets(candidate: ServedRoute): boolean {
    const others = this.#of(candidate)[candidate.kind === 'GRPCRoute' ? 'HTTPRoute' : 'GRPCRoute'];
    return candidate.hostnames.some((hostname) => others.overlaps(hostname));
  }

  #of({ attachment: { listener } }: ServedRoute): Hostnames {
    let hostnames = this.#listeners.get(listener);
    if (hostnames === undefined) {
      hostnames = { GRPCRoute: new HostnameSet(), HTTPRoute: new HostnameSet() };
      this.#listeners.set(listener, hostnames);
    }
    return hostnames;
  }
}
