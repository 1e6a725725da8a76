import { keyOf } from '../../../common/object-key.ts';
import { ApiError } from '../../api/api-client.ts';
import { Informer } from '../../api/informer.ts';
import type { ConfigMap, Pod, Secret } from '../../api/types.ts';
import { metaOf } from '../../api/types.ts';
import { nodeName } from '../../network/network-plan.ts';
import type { NodeServices } from './node-services.ts';
import { PodWorker } from './pod/pod-worker.ts';

/** Binds every pod to this node and runs it. */
export class NodeAgent {
  readonly #node: NodeServices;
  /** By uid. */
  readonly #workers = new Map<string, PodWorker>();
  readonly #binding = new Set<string>();
  readonly #informers: Informer<Pod | ConfigMap | Secret>[];

  constructor(node: NodeServices) {
    this.#node = node;
    const failed = (error: unknown): void => node.log('watch', error);
    this.#informers = [
      new Informer<Pod>(node.api, '/api/v1/pods', {
        changed: (pod) => this.#podChanged(pod),
        deleted: (pod) => this.#podDeleted(pod),
        failed,
      }),
      this.#configInformer('configmap'),
      this.#configInformer('secret'),
    ];
  }

  async start(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.start()));
  }

  /** All pods that are on this node now. */
  pods(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  #configInformer(kind: 'configmap' | 'secret'): Informer<ConfigMap & Secret> {
    return new Informer(this.#node.api, `/api/v1/${kind}s`, {
      changed: (object) => {
        const { namespace, name } = metaOf(object);
        for (const worker of this.#workers.values()) {
          if (metaOf(worker.pod).namespace === namespace) worker.configChanged(kind, name);
        }
      },
      failed: (error) => this.#node.log('watch', error),
    });
  }

  #podChanged(pod: Pod): void {
    const { uid } = metaOf(pod);
    const worker = this.#workers.get(uid);
    if (worker !== undefined) worker.update(pod);
    else if (pod.spec?.nodeName === nodeName) this.#run(pod);
    else if (pod.spec?.nodeName === undefined && (pod.spec?.schedulingGates ?? []).length === 0)
      void this.#bind(pod);
  }

  #podDeleted(pod: Pod): void {
    const { uid } = metaOf(pod);
    void this.#workers.get(uid)?.abandon();
    this.#workers.delete(uid);
  }

  /** One node: there is nothing to choose. The pod starts without waiting for the watch to tell about the binding. */
  async #bind(pod: Pod): Promise<void> {
    const { name, namespace, uid } = metaOf(pod);
    if (this.#binding.has(uid) || pod.metadata?.deletionTimestamp !== undefined) return;
    this.#binding.add(uid);
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
    try {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
      await this.#node.api.post(path, { apiVersion: 'v1', kind: 'Binding', metadata: { name, uid }, target });
      this.#run({ ...pod, spec: { containers: [], ...pod.spec, nodeName } });
      const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
      this.#node.events.record(pod, 'Normal', 'Scheduled', message, 'routeproof-scheduler');
    } catch (error) {
      const isGone = error instanceof ApiError && (error.status === 404 || error.status === 409);
      if (!isGone) this.#node.log(`binding of Pod ${keyOf(pod)}`, error);
    } finally {
      this.#binding.delete(uid);
    }
  }

  #run(pod: Pod): void {
    const { uid } = metaOf(pod);
    if (this.#workers.has(uid) || isOver(pod)) return;
    const worker = new PodWorker(this.#node, pod);
    this.#workers.set(uid, worker);
    // A pod may be seen for the first time when it is to be deleted already.
    worker.update(pod);
  }
}

function isOver({ status, metadata }: Pod): boolean {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return ended && metadata?.deletionTimestamp === undefined;
}
