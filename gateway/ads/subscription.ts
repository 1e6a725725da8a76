import type { RouteRef, XdsResource } from '../xds/resource.ts';

export interface InFlight {
  nonce: string;
  sent: readonly XdsResource[];
  removed: readonly string[];
  probe?: ProbeRun;
}

/** The search for the routes that make one resource refused. */
export interface ProbeRun {
  resource: XdsResource;
  message: string;
  left: { route: RouteRef; resource: XdsResource }[];
  guilty: RouteRef[];
}

/** `resource` is unknown for what the proxy brought along from an earlier connection. */
export interface Known {
  version: string;
  resource: XdsResource | undefined;
}

/** What one proxy has, wants and is being sent of one type. */
export class Subscription {
  wildcard = false;
  /** A first subscription is answered even with nothing: listeners wait for it. */
  unanswered = false;
  /** Whether the proxy has acknowledged a response on this stream. */
  answered = false;
  /** Whether the proxy brought resources along from an earlier connection. */
  resumed = false;
  readonly names = new Set<string>();
  readonly #known = new Map<string, Known>();
  /** How many of the known resources need each cluster. */
  readonly #needed = new Map<string, number>();
  #unknown = 0;
  /** Names to look at again. */
  readonly dirty = new Set<string>();
  /** Names that are sent even when the version is known: the proxy asked for them. */
  readonly asked = new Set<string>();
  /**
   * Names that a refused response had. Envoy 1.40 takes note of the scopes that come before a bad one without applying them, and
   * then ignores the same bytes when they come again: these are sent in other words. Seen with scoped routes only.
   */
  readonly tainted = new Set<string>();
  /** Parts of a refused response, to be sent on their own. */
  batches: XdsResource[][] = [];
  probe: ProbeRun | undefined;
  inFlight: InFlight | undefined;

  /** What the proxy has acknowledged. */
  get known(): ReadonlyMap<string, Known> {
    return this.#known;
  }

  learn(name: string, known: Known): void {
    this.forget(name);
    this.#known.set(name, known);
    this.#count(known, 1);
  }

  forget(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    this.#known.delete(name);
    this.#count(known, -1);
  }

  /** Whether a resource that the proxy has needs the cluster, or may. */
  mayNeed(cluster: string): boolean {
    return this.#unknown > 0 || this.#needed.has(cluster);
  }

  #count({ resource }: Known, by: number): void {
    if (resource === undefined) this.#unknown += by;
    for (const cluster of resource?.needs ?? []) {
      const count = (this.#needed.get(cluster) ?? 0) + by;
      if (count === 0) this.#needed.delete(cluster);
      else this.#needed.set(cluster, count);
    }
  }

  wants(name: string): boolean {
    return this.wildcard || this.names.has(name);
  }

  get active(): boolean {
    return this.wildcard || this.names.size > 0;
  }
}
