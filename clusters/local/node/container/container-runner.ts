import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../../common/errors.ts';
import { given } from '../../../../common/given.ts';
import type { Container, ContainerState, ContainerStatus } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import { inotifyShortage } from '../../inotify.ts';
import type { ResolvedImage } from '../../images/image-table.ts';
import { terminatedState } from './container-end.ts';
import { ContainerConfigError, launch } from './container-launch.ts';
import type { Launch, PodContext } from './container-launch.ts';
import { ContainerProbes } from './container-probes.ts';
import { execInContainer } from './exec-in-container.ts';
import { unknownImageMessage } from './image-messages.ts';
import { afterHookMs, runPreStop } from './pre-stop.ts';
import { formatBackoff, RestartBackoff } from './restart-backoff.ts';
import { mustRestart } from './restart-policy.ts';

// A definition that could not be fulfilled is tried again: what it refers to may be created later.
const retryMs = { first: 250, max: 10_000 };

/** One container of a pod through all of its runs. */
export class ContainerRunner {
  readonly container: Container;
  readonly #context: PodContext;
  readonly #restartPolicy: string | undefined;
  readonly #changed: () => void;
  readonly #backoff = new RestartBackoff();
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #finish: () => void = () => undefined;
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #lastState: ContainerState = {};
  #restartCount = 0;
  #launch: Launch | undefined;
  #probes: ContainerProbes | undefined;
  #containerId: string | undefined;
  #onStarted: (() => void)[] = [];
  /** Of the current run: a container that is stopped for two reasons has its hook run once. */
  #preStop: Promise<void> | undefined;

  /** @param changed - called after each change of `status()` */
  constructor(
    context: PodContext,
    container: Container,
    restartPolicy: string | undefined,
    changed: () => void,
  ) {
    this.#context = context;
    this.container = container;
    this.#restartPolicy = restartPolicy;
    this.#changed = changed;
    this.#done = new Promise((resolve) => (this.#finish = resolve));
  }

  get running(): Launch | undefined {
    return this.#launch;
  }

  /** Starts, and restarts as the policy says. @returns the last exit code; undefined when it was stopped before it ran */
  async run(): Promise<number | undefined> {
    try {
      const image = await this.#image();
      while (image !== undefined && !this.#isStopped()) {
        const exitCode = await this.#runOnce(image);
        if (this.#isStopped() || exitCode === undefined) return exitCode;
        if (!mustRestart(this.#restartPolicy, exitCode)) return exitCode;
        await this.#waitForRestart();
      }
      return undefined;
    } finally {
      this.#finish();
    }
  }

  /** Resolves when the container has started in the sense of its startup probe, or has been given up. */
  whenStarted(): Promise<void> {
    if (this.#probes?.started === true) return Promise.resolve();
    return Promise.race([new Promise<void>((resolve) => this.#onStarted.push(resolve)), this.#done]);
  }

  /** preStop, SIGTERM, and after the grace period SIGKILL; no further start. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    const current = this.#launch;
    if (current !== undefined) {
      this.#event('Normal', 'Killing', `Stopping container ${this.container.name}`);
      await this.#end(current, graceMs);
    }
    await this.#done;
  }

  status(): ContainerStatus {
    const { name, image = '' } = this.container;
    const isRunning = this.#state.running !== undefined;
    const ended = this.#state.terminated !== undefined && this.#state.terminated.exitCode === 0;
    const ready = isRunning ? (this.#probes?.ready ?? false) : ended && this.#isPlainInit();
    return {
      name,
      image,
      imageID: this.#containerId === undefined ? '' : `local/${image}`,
      ...given({ containerID: this.#containerId }),
      state: this.#state,
      lastState: this.#lastState,
      restartCount: this.#restartCount,
      ready,
      started: isRunning && (this.#probes?.started ?? false),
    };
  }

  /** As a call, for it changes while this class waits. */
  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #isPlainInit(): boolean {
    const inits = this.#context.pod.spec?.initContainers ?? [];
    return inits.some(
      ({ name, restartPolicy }) => name === this.container.name && restartPolicy !== 'Always',
    );
  }

  /** Undefined when there is none: the container then waits until its pod is deleted. */
  async #image(): Promise<ResolvedImage | undefined> {
    const { image: name = '' } = this.container;
    const { images } = this.#context.node;
    try {
      const image = images.find(name);
      if (image !== undefined) {
        this.#event('Normal', 'Pulled', `Container image "${name}" already present on machine`);
        return image;
      }
      await this.#giveUp('ErrImagePull', unknownImageMessage(name, images.files));
    } catch (error) {
      await this.#giveUp('ErrImagePull', messageOf(error));
    }
    return undefined;
  }

  async #giveUp(reason: string, message: string): Promise<void> {
    this.#setState({ waiting: { reason, message } });
    this.#event('Warning', 'Failed', message);
    await this.#pause(retryMs.first);
    this.#setState({ waiting: { reason: 'ImagePullBackOff', message } });
    this.#event('Normal', 'BackOff', message);
    await this.#pause(undefined);
  }

  async #runOnce(image: ResolvedImage): Promise<number | undefined> {
    const current = await this.#launchWithRetries(image);
    if (current === undefined) return undefined;
    const startedAt = new Date().toISOString();
    this.#launch = current;
    this.#preStop = undefined;
    this.#containerId = `routeproof://${current.id}`;
    this.#probes = this.#startProbes(current);
    this.#state = { running: { startedAt } };
    this.#noteStarted();
    this.#changed();
    this.#event('Normal', 'Started', `Started container ${this.container.name}`);
    if (this.#stop.signal.aborted) current.process.kill();
    const exit = await current.process.exited;
    this.#probes.stop();
    this.#launch = undefined;
    const { dir, logPath } = current;
    const hasFailed = exit.exitCode !== 0 && !this.#isStopped();
    const ended = {
      container: this.container,
      exit,
      dir,
      logPath,
      startedAt,
      containerId: this.#containerId,
      shortage: hasFailed ? await inotifyShortage() : undefined,
    };
    this.#setState({ terminated: terminatedState(ended) });
    await rm(dir, { recursive: true, force: true });
    return exit.exitCode;
  }

  async #launchWithRetries(image: ResolvedImage): Promise<Launch | undefined> {
    for (
      let pauseMs = retryMs.first;
      !this.#stop.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, retryMs.max)
    ) {
      try {
        const launched = await launch(this.#context, this.container, image, this.#restartCount);
        this.#event('Normal', 'Created', `Created container: ${this.container.name}`);
        return launched;
      } catch (error) {
        const reason =
          error instanceof ContainerConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
        const message = messageOf(error);
        if (this.#state.waiting?.message !== message) this.#event('Warning', 'Failed', `Error: ${message}`);
        this.#setState({ waiting: { reason, message } });
        await this.#pause(pauseMs);
      }
    }
    return undefined;
  }

  #startProbes(current: Launch): ContainerProbes {
    const { container } = this;
    return new ContainerProbes({
      container,
      podIp: this.#context.sandbox.ip,
      exec: (argv, timeoutMs) => execInContainer(current, argv, timeoutMs),
      changed: () => {
        this.#noteStarted();
        this.#changed();
      },
      unhealthy: (kind, message) => this.#event('Warning', 'Unhealthy', `${kind} probe failed: ${message}`),
      failed: (kind) => {
        this.#event(
          'Normal',
          'Killing',
          `Container ${container.name} failed ${kind} probe, will be restarted`,
        );
        const { terminationGracePeriodSeconds: podGrace = 30 } = this.#context.pod.spec ?? {};
        const probe = kind === 'Startup' ? container.startupProbe : container.livenessProbe;
        void this.#end(current, (probe?.terminationGracePeriodSeconds ?? podGrace) * 1000);
      },
    });
  }

  #noteStarted(): void {
    if (this.#probes?.started !== true) return;
    for (const resolve of this.#onStarted.splice(0)) resolve();
  }

  /** The hook has the grace period too; one that uses all of it leaves the program 2 s for its SIGTERM, as a kubelet does. */
  async #end(current: Launch, graceMs: number): Promise<void> {
    const { process } = current;
    this.#probes?.stop();
    const deadline = performance.now() + graceMs;
    if (graceMs > 0) {
      this.#preStop ??= this.#runPreStop(current, graceMs);
      await Promise.race([this.#preStop, process.exited, delay(graceMs, undefined, { ref: false })]);
    }
    process.terminate();
    const hasHook = graceMs > 0 && this.container.lifecycle?.preStop !== undefined;
    const restMs = Math.max(deadline - performance.now(), hasHook ? afterHookMs : 0);
    const kill = setTimeout(() => process.kill(), restMs);
    await process.exited;
    clearTimeout(kill);
  }

  async #runPreStop(current: Launch, graceMs: number): Promise<void> {
    const { ok, message } = await runPreStop(this.container, this.#context.sandbox.ip, current, graceMs);
    if (!ok) this.#event('Warning', 'FailedPreStopHook', `PreStopHook failed: ${message}`);
  }

  async #waitForRestart(): Promise<void> {
    const waitMs = this.#backoff.next(Date.now());
    const { terminated } = this.#state;
    this.#lastState = terminated === undefined ? {} : { terminated };
    if (waitMs > 0) {
      const { name, namespace, uid } = metaOf(this.#context.pod);
      const what = `restarting failed container=${this.container.name} pod=${name}_${namespace}(${uid})`;
      this.#setState({
        waiting: { reason: 'CrashLoopBackOff', message: `back-off ${formatBackoff(waitMs)} ${what}` },
      });
      this.#event('Warning', 'BackOff', `Back-off ${what}`);
      await this.#pause(waitMs);
    }
    if (!this.#stop.signal.aborted) this.#restartCount++;
  }

  /** Until the time is over or the container is stopped. */
  async #pause(ms: number | undefined): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    if (ms !== undefined) await delay(ms, undefined, { signal }).catch(() => undefined);
    else await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  #setState(state: ContainerState): void {
    this.#state = state;
    this.#changed();
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.node.events.record(this.#context.pod, type, reason, message);
  }
}
