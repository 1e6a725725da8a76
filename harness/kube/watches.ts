import type { KubeClient } from './client.ts';
import { ResourceWatch } from './watch.ts';

/** Kinds that every scenario waits on: one watch over all namespaces serves them all. */
const shared = new Set([
  'Gateway',
  'GRPCRoute',
  'HTTPRoute',
  'GatewayClass',
  'CustomResourceDefinition',
  'Namespace',
]);

/** All watches of a run: one connection per shared kind, one per kind and namespace for the rest, opened on first use. */
export class Watches {
  readonly #client: KubeClient;
  readonly #watches = new Map<string, ResourceWatch>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The started watch that sees objects of `kind` in `namespace`. */
  async of(kind: string, namespace: string | undefined, apiVersion?: string): Promise<ResourceWatch> {
    const info = await this.#client.kindInfo(kind, apiVersion);
    const scope = shared.has(kind) || !info.namespaced ? undefined : namespace;
    const id = `${info.apiVersion}/${info.plural}/${scope ?? ''}`;
    let watch = this.#watches.get(id);
    if (watch === undefined) {
      watch = new ResourceWatch(this.#client, info, scope);
      this.#watches.set(id, watch);
    }
    try {
      await watch.start();
    } catch (error) {
      this.#watches.delete(id);
      throw error;
    }
    return watch;
  }

  /** Ends the watches that only this namespace needed. */
  release(namespace: string): void {
    for (const [id, watch] of this.#watches) {
      if (!id.endsWith(`/${namespace}`)) continue;
      watch.stop();
      this.#watches.delete(id);
    }
  }

  stop(): void {
    for (const watch of this.#watches.values()) watch.stop();
    this.#watches.clear();
  }
}
