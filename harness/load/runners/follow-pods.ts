import { createInterface } from 'node:readline';
import type { Pod } from '../../base/pod-trouble.ts';
import { isStuck } from '../../existing/runner/runner-pod.ts';
import { wholeLog } from '../../existing/runner/whole-log.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { ApiRefusal } from '../../kube/refusal.ts';
import type { ResourceWatch } from '../../kube/watch.ts';
import { realClock } from '../../wait/clock.ts';
import { untilReady, type ObjectSource } from '../../wait/until.ts';
import { PodLog } from './pod-report.ts';

export interface FollowOptions {
  kube: KubeClient;
  /** Of the pods of the namespace. */
  watch: ResourceWatch;
  namespace: string;
  labels: Record<string, string>;
  container: string;
  signal: AbortSignal;
}

/** The pods of a runner, and what they write, from when they run until they have ended. */
export class FollowedPods {
  readonly logs = new Map<string, PodLog>();
  readonly #options: FollowOptions;
  readonly #ended = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: () => void;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#unlisten = options.watch.listen(() => this.#look());
    this.#look();
  }

  /** Waits until `holds`. @returns whether it does, within the limit; @throws the signal's reason */
  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const source: ObjectSource = {
      current: () => undefined,
      listen: (changed) => {
        this.#listeners.add(changed);
        return () => this.#listeners.delete(changed);
      },
    };
    const { signal } = this.#options;
    const { verdict } = await untilReady(source, holds, { limitMs, graceMs: 0, clock: realClock, signal });
    return verdict === 'pass';
  }

  get pods(): Pod[] {
    const { watch, labels } = this.#options;
    const isOurs = ({ metadata }: KubeObject): boolean =>
      Object.entries(labels).every(([name, value]) => metadata?.labels?.[name] === value);
    return [...watch.all()].filter(isOurs) as Pod[];
  }

  /** Pods that wait for the common start. */
  get waiting(): number {
    return [...this.logs.values()].filter(({ isWaiting }) => isWaiting).length;
  }

  /** Whether one waits for what does not come by itself soon: its image. */
  get isStuck(): boolean {
    const reasons = this.pods.map(
      ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '',
    );
    return reasons.some((reason) => isStuck.test(reason));
  }

  /** Pods that have ended, and whose logs have been read to the end. */
  get ended(): ReadonlySet<string> {
    return this.#ended;
  }

  stop(): void {
    this.#unlisten();
  }

  #look(): void {
    for (const pod of this.pods) {
      const name = pod.metadata?.name ?? '';
      if (this.logs.has(name) || !hasBegun(pod)) continue;
      const log = new PodLog(name);
      this.logs.set(name, log);
      // What is not read is missed as results that did not come.
      void this.#read(log)
        .catch(() => undefined)
        .finally(() => {
          this.#ended.add(name);
          this.#tell();
        });
    }
    this.#tell();
  }

  async #read(log: PodLog): Promise<void> {
    const isOver = (): boolean => this.#isOver(log.pod);
    const lines = wholeLog({
      open: () => this.#lines(log.pod),
      isOver,
      untilOver: (limitMs) => this.until(isOver, limitMs),
    });
    for await (const line of lines) {
      log.take(line);
      this.#tell();
    }
  }

  async #lines(pod: string): Promise<AsyncIterable<string> | string[]> {
    const { kube, namespace, container, signal } = this.#options;
    try {
      const input = await kube.followLog(namespace, pod, container);
      signal.addEventListener('abort', () => input.destroy(), { once: true });
      return createInterface({ input, signal });
    } catch (error) {
      // Gone, or not there yet.
      if (error instanceof ApiRefusal) return [];
      throw error;
    }
  }

  #isOver(name: string): boolean {
    const pod = this.pods.find(({ metadata }) => metadata?.name === name);
    return pod === undefined || /^(Succeeded|Failed)$/.test(pod.status?.phase ?? '');
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function hasBegun({ status }: Pod): boolean {
  return /^(Running|Succeeded|Failed)$/.test(status?.phase ?? '');
}
