import type { KubeObject } from '../kube/objects.ts';

/** What stands in a namespace for one entry of meta.backends. */
export interface Backend {
  /** The entry as it is written. */
  written: string;
  /** Which of the shared echo pods it points to. */
  index: number;
  /** The Service and its EndpointSlice, as they were created. */
  objects: readonly KubeObject[];
}

/** A namespace in which there is nothing but Services of shared echo pods. */
export interface Furnished {
  name: string;
  backends: readonly Backend[];
}

/**
 * Namespaces that scenarios have left with nothing but their backends in them, for the next ones. To make one with a backend takes nine
 * requests, and each Service makes every later sync of kube-proxy longer: together a fifth of what a run of all scenarios costs.
 */
export class FurnishedNamespaces {
  readonly #free: Furnished[] = [];

  /**
   * The one that has been free for longest of those with the most of what is wanted; undefined when there is none. One with a Service
   * that was not asked for is never given out: for the scenario it must not be there.
   */
  take(wanted: readonly string[]): Furnished | undefined {
    const fits = this.#free.filter(({ backends }) =>
      backends.every(({ written, index }) => wanted[index] === written),
    );
    const most = Math.max(...fits.map(({ backends }) => backends.length));
    const taken = fits.find(({ backends }) => backends.length === most);
    if (taken !== undefined) this.#free.splice(this.#free.indexOf(taken), 1);
    return taken;
  }

  giveBack(namespace: Furnished): void {
    this.#free.push(namespace);
  }
}
