import { setTimeout as delay } from 'node:timers/promises';
import { keyOf } from '../../../../common/object-key.ts';
import { ApiError } from '../../../api/api-client.ts';
import type { Pod, PodStatus } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import type { NodeServices } from '../node-services.ts';
import { isUrgent } from './status-urgency.ts';

const retryMs = 200;
/** How long a step on the way up waits for the next one: a proxy is ready by then, and one write tells it all instead of three. */
const patienceMs = 2000;

/** Writes a pod's status after a change: at once what is urgent, never two at a time, changes during a write in one more. */
export class StatusWriter {
  readonly #node: Pick<NodeServices, 'api' | 'log'>;
  readonly #read: () => { pod: Pod; status: PodStatus };
  #isDirty = false;
  #isClosed = false;
  #written: PodStatus | undefined;
  #patience: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(node: Pick<NodeServices, 'api' | 'log'>, read: () => { pod: Pod; status: PodStatus }) {
    this.#node = node;
    this.#read = read;
  }

  changed(): void {
    const { pod, status } = this.#read();
    if (isUrgent(pod, this.#written, status)) this.#writeNow();
    else this.#patience ??= setTimeout(() => this.#writeNow(), patienceMs);
  }

  /** Resolves when the status as it is now has been written. */
  async flush(): Promise<void> {
    this.#writeNow();
    await this.#writing;
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWaiting();
  }

  #writeNow(): void {
    this.#stopWaiting();
    this.#isDirty = true;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  async #write(): Promise<void> {
    // What changes in the same turn of the event loop goes out together.
    await Promise.resolve();
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false;
      const { pod, status } = this.#read();
      const { name, namespace, uid } = metaOf(pod);
      this.#written = status;
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
