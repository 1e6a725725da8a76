import { setTimeout as delay } from 'node:timers/promises';
import { keyOf } from '../../../../common/object-key.ts';
import { ApiError } from '../../api/api-client.ts';
import type { Pod, PodStatus } from '../../api/types.ts';
import { metaOf } from '../../api/types.ts';
import type { NodeServices } from '../node-services.ts';

const retryMs = 200;

/** Writes a pod's status after each change: at once, never two at a time, changes during a write in one more. */
export class StatusWriter {
  readonly #node: Pick<NodeServices, 'api' | 'log'>;
  readonly #read: () => { pod: Pod; status: PodStatus };
  #isDirty = false;
  #isClosed = false;
  #writing: Promise<void> | undefined;

  constructor(node: Pick<NodeServices, 'api' | 'log'>, read: () => { pod: Pod; status: PodStatus }) {
    this.#node = node;
    this.#read = read;
  }

  changed(): void {
    this.#isDirty = true;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Resolves when the status as it is now has been written. */
  async flush(): Promise<void> {
    this.changed();
    await this.#writing;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #write(): Promise<void> {
    // What changes in the same turn of the event loop goes out together.
    await Promise.resolve();
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false;
      const { pod, status } = this.#read();
      const { name, namespace, uid } = metaOf(pod);
      try {
        await this.#node.api.mergePatch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, {
          metadata: { uid },
          status,
        });
      } catch (error) {
        await this.#failed(pod, error);
      }
    }
  }

  async #failed(pod: Pod, error: unknown): Promise<void> {
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) {
      // Gone, or another pod of that name.
      this.#isClosed = true;
      return;
    }
    this.#node.log(`status of Pod ${keyOf(pod)}`, error);
    this.#isDirty = true;
    await delay(retryMs);
  }
}
