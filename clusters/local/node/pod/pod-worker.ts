import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../../common/errors.ts';
import { keyOf } from '../../../../common/object-key.ts';
import { orUndefined } from '../../../api/api-client.ts';
import type { Container, ContainerStatus, Pod, PodStatus } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import type { PodContext } from '../container/container-launch.ts';
import { ContainerRunner } from '../container/container-runner.ts';
import type { NodeServices } from '../node-services.ts';
import { PodVolumes } from '../volumes/pod-volumes.ts';
import { sidecarNames } from './pod-phase.ts';
import { podStatus } from './pod-status.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { StatusWriter } from './status-writer.ts';

const retryMs = { first: 100, max: 5000 };
/** At the most because a machine that slept has lost time that no timer saw, at the least while the API server refuses. */
const tokenCheckMs = { least: 1000, most: 30_000 };

/** One pod from its binding to this node until its object is gone. */
export class PodWorker {
  readonly #node: NodeServices;
  readonly #dir: string;
  readonly #startTime = new Date().toISOString();
  readonly #status: StatusWriter;
  readonly #stop = new AbortController();
  readonly #volumesGone = new AbortController();
  readonly #runners = new Map<string, ContainerRunner>();
  readonly #finished: Promise<void>;
  #pod: Pod;
  #context: PodContext | undefined;
  #sandbox: Sandbox | undefined;
  #end: Promise<void> | undefined;

  constructor(node: NodeServices, pod: Pod) {
    this.#node = node;
    this.#pod = pod;
    this.#dir = join(node.privateDir, 'pods', metaOf(pod).uid);
    this.#status = new StatusWriter(node, () => ({ pod: this.#pod, status: this.#computeStatus() }));
    this.#finished = this.#run().catch((error: unknown) => node.log(`Pod ${keyOf(pod)}`, error));
  }

  get pod(): Pod {
    return this.#pod;
  }

  runner(container: string): ContainerRunner | undefined {
    return this.#runners.get(container);
  }

  /** Takes over a newer version of the object. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (this.#context !== undefined) this.#context.pod = pod;
    if (pod.metadata?.deletionTimestamp !== undefined) this.#endOnce(() => this.#delete());
  }

  /** Ends everything at once: the object is gone already. Resolves when nothing of the pod is left. */
  async abandon(): Promise<void> {
    this.#status.close();
    for (const runner of this.#runners.values()) runner.running?.process.kill();
    this.#endOnce(() => this.#shutDown(0));
    await this.#end;
  }

  /** Writes volumes again when a ConfigMap or Secret of theirs has changed. */
  configChanged(kind: 'configmap' | 'secret', name: string): void {
    if (this.#context?.volumes.uses(kind, name) === true) void this.#syncVolumes();
  }

  async #syncVolumes(): Promise<void> {
    await this.#context?.volumes
      .sync(this.#pod)
      .catch((error: unknown) => this.#node.log(`Pod ${keyOf(this.#pod)}`, error));
  }

  /** Makes tokens again when their time has come, while the pod has its volumes. */
  async #keepTokensFresh(volumes: PodVolumes): Promise<void> {
    const { signal } = this.#volumesGone;
    try {
      while (volumes.refreshAtMs < Infinity) {
        const leftMs = volumes.refreshAtMs - Date.now();
        const waitMs = Math.min(Math.max(leftMs, tokenCheckMs.least), tokenCheckMs.most);
        await delay(waitMs, undefined, { signal, ref: false });
        if (volumes.refreshAtMs <= Date.now()) await this.#syncVolumes();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #run(): Promise<void> {
    this.#status.changed();
    const hostNetwork = this.#pod.spec?.hostNetwork ?? false;
    this.#sandbox = await this.#retry('FailedCreatePodSandBox', () =>
      this.#node.sandboxes.create(hostNetwork),
    );
    if (this.#sandbox === undefined) return;
    this.#context = this.#makeContext(this.#sandbox);
    const { volumes } = this.#context;
    const mounted = await this.#retry('FailedMount', () => volumes.sync(this.#pod).then(() => true));
    if (mounted !== true) return;
    void this.#keepTokensFresh(volumes);
    if (await this.#runInits(this.#context)) await this.#runContainers(this.#context);
    if (!this.#stop.signal.aborted) await this.#stopSidecars(this.#ownGraceMs());
    this.#status.changed();
  }

  #makeContext(sandbox: Sandbox): PodContext {
    const { api, config, node, tokenRefreshShare } = this.#node;
    const dir = join(this.#dir, 'volumes');
    const own = { dir, pod: this.#pod, podIp: sandbox.ip };
    const volumes = new PodVolumes({ api, config, node, tokenRefreshShare, ...own });
    return { pod: this.#pod, sandbox, volumes, node: this.#node };
  }

  /** @returns whether the other containers may start */
  async #runInits(context: PodContext): Promise<boolean> {
    const sidecars = sidecarNames(this.#pod);
    const policy = this.#pod.spec?.restartPolicy === 'Never' ? 'Never' : 'OnFailure';
    for (const container of this.#pod.spec?.initContainers ?? []) {
      if (this.#stop.signal.aborted) return false;
      const isSidecar = sidecars.has(container.name);
      const runner = this.#addRunner(context, container, isSidecar ? 'Always' : policy);
      const ended = runner.run();
      if (isSidecar) await runner.whenStarted();
      else if ((await ended) !== 0) return false;
    }
    return !this.#stop.signal.aborted;
  }

  async #runContainers(context: PodContext): Promise<void> {
    const { containers = [], restartPolicy } = this.#pod.spec ?? {};
    const runners = containers.map((container) => this.#addRunner(context, container, restartPolicy));
    await Promise.all(runners.map((runner) => runner.run()));
  }

  #addRunner(context: PodContext, container: Container, policy: string | undefined): ContainerRunner {
    const runner = new ContainerRunner(context, container, policy, () => this.#status.changed());
    this.#runners.set(container.name, runner);
    return runner;
  }

  #endOnce(end: () => Promise<void>): void {
    this.#end ??= end().catch((error: unknown) => this.#node.log(`Pod ${keyOf(this.#pod)}`, error));
  }

  /** The graceful end of a pod: its containers, then its last status, then its object. */
  async #delete(): Promise<void> {
    const { name, namespace, uid } = metaOf(this.#pod);
    const graceMs = (this.#pod.metadata?.deletionGracePeriodSeconds ?? 30) * 1000;
    await this.#shutDown(graceMs);
    await this.#status.flush();
    this.#status.close();
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    await orUndefined(this.#node.api.delete(path, { gracePeriodSeconds: 0, preconditions: { uid } }));
  }

  async #shutDown(graceMs: number): Promise<void> {
    this.#stop.abort();
    const deadline = performance.now() + graceMs;
    const sidecars = sidecarNames(this.#pod);
    const others = [...this.#runners.values()].filter(({ container }) => !sidecars.has(container.name));
    await Promise.all(others.map((runner) => runner.stop(graceMs)));
    await this.#stopSidecars(Math.max(0, deadline - performance.now()));
    await this.#finished;
    if (this.#sandbox !== undefined) await this.#node.sandboxes.destroy(this.#sandbox);
    this.#volumesGone.abort();
    await rm(this.#dir, { recursive: true, force: true });
  }

  /** Of a pod that ends by itself. */
  #ownGraceMs(): number {
    return (this.#pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  /** In the reverse order of their start. */
  async #stopSidecars(graceMs: number): Promise<void> {
    const sidecars = sidecarNames(this.#pod);
    for (const runner of [...this.#runners.values()].reverse()) {
      if (sidecars.has(runner.container.name)) await runner.stop(graceMs);
    }
  }

  #computeStatus(): PodStatus {
    const { initContainers = [], containers = [] } = this.#pod.spec ?? {};
    const reason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const statusOf = (container: Container): ContainerStatus =>
      this.#runners.get(container.name)?.status() ?? waitingStatus(container, reason);
    return podStatus({
      pod: this.#pod,
      podIp: this.#sandbox?.ip,
      inits: initContainers.map(statusOf),
      containers: containers.map(statusOf),
      startTime: this.#pod.status?.startTime ?? this.#startTime,
      now: new Date().toISOString(),
    });
  }

  /** Undefined when the pod is stopped first. */
  async #retry<T>(reason: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#stop;
    let said: string | undefined;
    for (let pauseMs = retryMs.first; !signal.aborted; pauseMs = Math.min(pauseMs * 2, retryMs.max)) {
      try {
        return await attempt();
      } catch (error) {
        const message = messageOf(error);
        if (message !== said) this.#node.events.record(this.#pod, 'Warning', reason, message);
        said = message;
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

function waitingStatus({ name, image = '' }: Container, reason: string): ContainerStatus {
  const state = { waiting: { reason } };
  return { name, image, imageID: '', state, lastState: {}, restartCount: 0, ready: false, started: false };
}
