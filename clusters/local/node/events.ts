import type { ApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-client.ts';
import type { KubeObject } from '../../api/types.ts';
import { metaOf } from '../../api/types.ts';
import { nodeName } from '../../network/network-plan.ts';

export type EventType = 'Normal' | 'Warning';

/** Writes Events about pods, one after the other: they must not take the API server's time from what they tell about. */
export class EventRecorder {
  readonly #api: ApiClient;
  readonly #failed: (error: unknown) => void;
  #queue: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(api: ApiClient, failed: (error: unknown) => void) {
    this.#api = api;
    this.#failed = failed;
  }

  record(
    about: KubeObject,
    type: EventType,
    reason: string,
    message: string,
    component = 'routeproof-node',
  ): void {
    const event = this.#event(about, type, reason, message, component);
    const { namespace } = event.metadata;
    this.#queue = this.#queue.then(async () => {
      try {
        await this.#api.post(`/api/v1/namespaces/${namespace}/events`, event);
      } catch (error) {
        // The namespace goes away or is gone: nobody will ask for its events.
        if (!(error instanceof ApiError && (error.status === 403 || error.status === 404)))
          this.#failed(error);
      }
    });
  }

  #event(about: KubeObject, type: EventType, reason: string, message: string, component: string) {
    const { name, namespace, uid } = metaOf(about);
    const now = new Date().toISOString();
    const home = namespace === '' ? 'default' : namespace;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${process.hrtime.bigint().toString(16)}${this.#count++}`, namespace: home },
      involvedObject: {
        apiVersion: about.apiVersion ?? 'v1',
        kind: about.kind ?? 'Pod',
        name,
        namespace,
        uid,
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component, host: nodeName },
      reportingComponent: component,
      reportingInstance: nodeName,
    };
  }
}
