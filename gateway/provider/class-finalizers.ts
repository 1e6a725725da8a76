import type { Logger } from 'pino';
import type { GatewayClass } from '../translate/model/gateway-api.ts';
import type { ApiClient } from './api-client.ts';
import { afterFailedWrite } from './failed-write.ts';
import type { KubeObject } from './object-store.ts';

/** Gateway API's own (Go constant GatewayClassFinalizerGatewaysExist). */
export const gatewaysExist = 'gateway-exists-finalizer.gateway.networking.k8s.io';

export interface ClassFinalizersOptions {
  client: Pick<ApiClient, 'json'>;
  controllerName: string;
  /** Called when a write failed in a way that no watch event will follow. */
  failed: () => void;
  log: Logger;
  /** Has the last word on what is written. */
  edit?: (finalizers: string[]) => string[];
}

/** Keeps classes of ours from going as long as a Gateway uses them: a deleted class stays until the last of these is gone. */
export class ClassFinalizers {
  readonly #options: ClassFinalizersOptions;
  /** Versions for which a write is on its way, or was refused. */
  readonly #asked = new Map<string, string>();

  constructor(options: ClassFinalizersOptions) {
    this.#options = options;
  }

  /** @param used - names of the classes that are to stay */
  keep(classes: readonly (GatewayClass & KubeObject)[], used: ReadonlySet<string>): void {
    for (const { metadata, spec } of classes) {
      if (spec.controllerName !== this.#options.controllerName) continue;
      const { name, resourceVersion = '', finalizers = [], deletionTimestamp } = metadata;
      const isHeld = finalizers.includes(gatewaysExist);
      // Nothing can be added to what is being deleted.
      if (isHeld === used.has(name) || (!isHeld && deletionTimestamp !== undefined)) continue;
      if (this.#asked.get(name) === resourceVersion) continue;
      this.#asked.set(name, resourceVersion);
      const others = finalizers.filter((each) => each !== gatewaysExist);
      const { edit = (same) => same } = this.#options;
      void this.#write(name, resourceVersion, edit(isHeld ? others : [...others, gatewaysExist]));
    }
  }

  async #write(name: string, resourceVersion: string, finalizers: string[]): Promise<void> {
    const { client, log, failed } = this.#options;
    try {
      await client.json({
        method: 'PATCH',
        path: `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${name}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion, finalizers } },
      });
    } catch (error) {
      this.#asked.delete(name);
      afterFailedWrite(error, { object: `GatewayClass ${name}`, what: 'its finalizer', log, failed });
    }
  }
}
