import { createInterface } from 'node:readline';
import { RouteproofError } from '../../../common/errors.ts';
import { objectKey } from '../../../common/object-key.ts';
import { troubleOfSelected, type Pod } from '../../base/pod-trouble.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/refusal.ts';
import type { ResourceWatch } from '../../kube/watch.ts';
import type { Watches } from '../../kube/watches.ts';
import type { Limits } from '../../env/limits.ts';
import { realClock } from '../../wait/clock.ts';
import { untilReady } from '../../wait/until.ts';
import { containerName, podName, runnerLabel, runnerNamespace } from './runner-objects.ts';
import { wholeLog } from './whole-log.ts';

/** Reasons for which a container waits that do not pass by themselves soon. */
export const isStuck =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainerConfigError|CreateContainerError)$/;

/** The pod of a run, as its watch and its log tell. */
export class RunnerPod {
  readonly #kube: KubeClient;
  readonly #watch: ResourceWatch;
  readonly #id: string;
  #exitCode: number | undefined;

  private constructor(kube: KubeClient, watch: ResourceWatch, id: string) {
    this.#kube = kube;
    this.#watch = watch;
    this.#id = id;
    this.#look();
    watch.listen(() => this.#look());
  }

  static async watched(kube: KubeClient, watches: Watches, id: string): Promise<RunnerPod> {
    return new RunnerPod(kube, await watches.of('Pod', runnerNamespace(id)), id);
  }

  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** @throws RouteproofError RUNNER_FAILED - it does not start, with what keeps it from that */
  async started({ limits, image }: { limits: Limits; image: string }): Promise<void> {
    await this.#until(() => this.#hasStarted() || isStuck.test(this.#waitingFor()), limits.baseMs);
    if (this.#hasStarted()) return;
    const namespace = runnerNamespace(this.#id);
    const why = await troubleOfSelected(this.#kube, namespace, { [runnerLabel]: this.#id });
    throw new RouteproofError('RUNNER_FAILED', 'the pod of the run did not start', {
      object: `Pod ${namespace}/${podName}`,
      seen: `image ${image}${why}`,
      hint: 'name an image of routeproof that the nodes can pull with --runner-image',
    });
  }

  /** Tells the run to end, and gives it time for that. */
  stop(): void {
    void this.#delete().catch(() => undefined);
  }

  /** What the container writes, to its end. */
  lines(): AsyncGenerator<string> {
    return wholeLog({
      open: () => this.#log(),
      isOver: () => this.#isOver(),
      untilOver: (limitMs) => this.#until(() => this.#isOver(), limitMs),
    });
  }

  async #log(): Promise<AsyncIterable<string> | string[]> {
    try {
      const input = await this.#kube.followLog(runnerNamespace(this.#id), podName, containerName);
      return createInterface({ input });
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  async #delete(): Promise<void> {
    await this.#kube.delete(await this.#kube.kindInfo('Pod'), runnerNamespace(this.#id), podName);
  }

  #read(): Pod | undefined {
    return this.#watch.get(objectKey(runnerNamespace(this.#id), podName)) as Pod | undefined;
  }

  #look(): void {
    this.#exitCode ??= this.#read()?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  }

  #hasStarted(): boolean {
    return this.#exitCode !== undefined || this.#read()?.status?.phase === 'Running';
  }

  #isOver(): boolean {
    return this.#exitCode !== undefined || this.#read() === undefined;
  }

  #waitingFor(): string {
    return this.#read()?.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '';
  }

  async #until(holds: () => boolean, limitMs: number): Promise<void> {
    const source = {
      current: () => this.#read(),
      listen: (changed: () => void) => this.#watch.listen(changed),
    };
    const { signal } = new AbortController();
    await untilReady(source, holds, { limitMs, graceMs: 0, clock: realClock, signal });
  }
}
