import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { version } from '../../common/version.ts';
import { Guest } from '../existing/guest.ts';
import { forwardRules, type Rule } from '../existing/rights.ts';
import type { CrdConsent } from '../existing/gateway-api.ts';
import { setUpFault } from '../faults/set-up-fault.ts';
import type { Implementation } from '../implementations/implementation.ts';
import { componentVersions } from '../implementations/versions.ts';
import { watchHealth } from './health.ts';
import { KubeClient } from '../kube/client.ts';
import { assembleRun, type RunFacts } from '../results/assemble.ts';
import { exitCodeFor } from '../results/exit-code.ts';
import { withKnown } from '../results/known-failures.ts';
import type { Run, ScenarioResult } from '../results/run.ts';
import { failuresOf, rerunFailures } from './rerun-failures.ts';
import { reachArguments, type ReachOptions } from '../reach/index.ts';
import type { RunEnv } from '../env/run-env.ts';
import { implementationOf, kubernetesVersion, type Up } from '../set-up/run-facts.ts';
import { onDefaultCluster, type ByHand } from '../env/by-hand.ts';
import { Engine } from '../scenario/engine.ts';
import { isInChannel } from '../specs/left-out.ts';
import { scaledLimits, type Limits } from '../env/limits.ts';
import type { Registered } from '../specs/registry.ts';
import { rerunTimes } from '../scenario/rerun.ts';
import { notRun } from '../scenario/run-scenario.ts';
import { setUp, type SetUp } from '../set-up/set-up.ts';
import { realClock } from '../wait/clock.ts';

export interface SessionOptions {
  gatewayClass: string;
  install: boolean;
  /** Left open: as the cluster has it, else the default ones. */
  channel?: Channel;
  release?: OfficialRelease;
  /** Instead of those that the class claims. */
  supportedFeatures?: string[];
  concurrency?: number;
  /** The bundled gateway with this planted fault is under test, instead of `gatewayClass`. */
  fault?: string;
  repeat?: number;
  /** Whether failures are run again, alone, after all others. */
  rerun?: boolean;
  keep?: boolean;
  /** The cluster ends with this run: namespaces need not be deleted one by one. */
  disposable?: boolean;
  /** The cluster is others' and lives on: what the run may do to all of it, and nothing else. */
  guest?: CrdConsent;
  /** What the run does there beyond what scenarios do. */
  rights?: readonly Rule[];
  /** Instead of the echo servers' image in the manifests. */
  echoImage?: string;
  /** Left open: addresses of the cluster are dialled as they are. */
  reach?: ReachOptions;
  /** Multiplies every limit of harness/env/limits.ts. */
  limitsScale?: number;
  limits?: Partial<Limits>;
  profile?: string;
  /** Namespaces whose pods' logs belong to a failure's evidence; default the bundled controller's. */
  logNamespaces?: string[];
  cluster?: { provider: string; name: string };
  /** The cluster may still be coming up when the run begins. */
  up?: Promise<Up>;
  /** To be installed for the run, on a cluster that has what it needs. */
  implementation?: Implementation;
  kubeconfigPath?: string;
  /** See RunEnv. */
  clusterLogDir?: string;
  /** Left open: the run is on the default cluster. */
  byHand?: ByHand;
  /** One line per step and per scenario, for a person to read. */
  progress?: (line: string) => void;
  /** After each scenario. */
  onResult?: (result: ScenarioResult) => void;
  /** After each round, where everything is run more than once. */
  onRound?: (round: number, results: ScenarioResult[]) => void;
  /** After a failure was run again. */
  onRerun?: (result: ScenarioResult) => void;
  signal?: AbortSignal;
}

/** Scenarios mostly wait, for proxies to start above all; 163 of them passed 16 at a time with ten times more work on two cores than these do. */
export const defaultConcurrency = 16;

/** One run of a set of scenarios against one cluster: set up, scenarios, results. */
export class ConformanceSession {
  readonly engine: Engine;
  #scenarios: readonly Registered[];
  readonly #options: SessionOptions;
  readonly #startedAt = new Date();
  readonly #startMs = performance.now();
  #kube: KubeClient | undefined;
  #ready: SetUp | undefined;
  #guest: Guest | undefined;

  constructor(scenarios: readonly Registered[], options: SessionOptions) {
    this.#scenarios = scenarios;
    this.#options = options;
    this.engine = new Engine(scenarios, {
      concurrency: options.concurrency ?? options.implementation?.concurrency ?? defaultConcurrency,
      repeat: options.repeat ?? 1,
      sharedProxies: options.implementation?.sharedProxies !== undefined,
      alone: options.implementation?.alone ?? [],
      onResult: (result) => options.onResult?.(result),
      onRound: (round, results) => options.onRound?.(round, results),
    });
    const { signal } = options;
    if (signal?.aborted === true) this.engine.abort(messageOf(signal.reason));
    signal?.addEventListener('abort', () => this.engine.abort(messageOf(signal.reason)));
  }

  /** Makes the cluster ready. When that fails the run is aborted: every scenario is `not-run`, and the reason is printed. */
  async start(): Promise<void> {
    const { progress = () => undefined } = this.#options;
    try {
      this.#kube = await KubeClient.fromKubeconfig(this.#options.kubeconfigPath);
      const lost = (seen: string): void => {
        const error = new RouteproofError('CLUSTER_LOST', 'the API server went away in mid-run', {
          seen,
          hint: 'see the control plane logs; what had ended by then is in the results',
        });
        progress(error.message);
        this.engine.abort(error.message);
      };
      // 10 s, times --limits-scale: with 50 times more work than two cores, 2 s were not enough four times in a row.
      watchHealth(this.#kube, realClock, this.engine.signal, lost, this.#limits().statusMs / 3);
      const { fault } = this.#options;
      await this.#enterAsGuest(this.#kube, progress);
      const setUpOptions = this.#setUpOptions(progress);
      this.#ready = await (fault === undefined
        ? setUp(this.#kube, setUpOptions)
        : setUpFault(fault, setUpOptions));
      this.engine.use(this.#ready.env);
    } catch (error) {
      if (this.engine.aborted !== undefined) return;
      const text =
        error instanceof RouteproofError ? error.message : `the run could not be set up: ${messageOf(error)}`;
      progress(text);
      this.engine.abort(text);
    }
  }

  async #enterAsGuest(kube: KubeClient, progress: (line: string) => void): Promise<void> {
    const { guest, gatewayClass, rights = [], reach } = this.#options;
    if (guest === undefined) return;
    const limits = this.#limits();
    const { signal } = this.engine;
    this.#guest = new Guest(kube, {
      gatewayClass,
      consent: guest,
      rights: [...rights, ...(reach?.portForward === true ? forwardRules : [])],
      limits,
      progress,
      signal,
    });
    await this.#guest.enter();
  }

  /** Leaves scenarios out that need another release channel than the installed one, or judge another profile. @returns the ids of those that remain */
  leaveOutOthers(): string[] {
    const { profile = 'standard' } = this.#options;
    const installed = this.#ready && { ...this.#ready.gatewayApi, release: this.#ready.env.crdRelease };
    this.#scenarios = this.#scenarios.filter(
      ({ meta }) =>
        (installed === undefined || isInChannel(meta, installed)) &&
        (meta.profiles?.includes(profile) ?? true),
    );
    return this.#scenarios.map(({ meta }) => meta.id);
  }

  /** What the scenarios run with, once `start` has succeeded. */
  get env(): RunEnv | undefined {
    return this.#ready?.env;
  }

  /** Runs failures again where that is wanted; see `rerunFailures`. */
  async rerunFailures(): Promise<void> {
    const { env, engine } = this;
    const { rerun, progress, onRerun, limitsScale = 1 } = this.#options;
    await engine.settled();
    const failed = failuresOf(engine).length;
    if (rerun !== true || env === undefined || failed === 0 || engine.aborted !== undefined) return;
    progress?.(`running ${String(failed)} failures again, alone, ${String(rerunTimes)} times each`);
    await rerunFailures({
      engine,
      env,
      scenarios: this.#scenarios,
      limitsScale,
      onRerun: (result) => onRerun?.(result),
    });
  }

  /** After all scenarios have ended: the run as it goes into run.json. */
  async finish(): Promise<{ run: Run; exitCode: 0 | 1 | 3 }> {
    await this.engine.settled();
    const results = withKnown(
      this.#scenarios.map((scenario) => this.#resultOf(scenario)),
      this.#options.implementation?.knownFailures ?? [],
    );
    const { aborted } = this.engine;
    const run = assembleRun(
      {
        startedAt: this.#startedAt,
        durationMs: performance.now() - this.#startMs,
        ...given({ aborted }),
        implementation: this.#implementation(),
        ...(await this.#facts()),
        gatewayApi: this.#ready?.gatewayApi ?? { version: 'unknown', channel: 'unknown' },
        profile: this.#options.profile ?? 'standard',
        repeat: this.#options.repeat ?? 1,
      },
      results,
    );
    await this.#deleteNamespaces();
    await this.#release();
    return {
      run,
      exitCode: exitCodeFor({ scenarios: results, aborted: aborted !== undefined }),
    };
  }

  async #release(): Promise<void> {
    const { disposable, keep, progress } = this.#options;
    const remove = disposable !== true && keep !== true;
    await this.#ready?.end?.({ remove }).catch((error: unknown) => progress?.(messageOf(error)));
    await this.#guest?.leave({ keep: keep === true });
    this.#ready?.env.watches.stop();
    this.#ready?.env.ledger.close();
    this.#ready?.env.reach.close();
    this.#kube?.close();
  }

  /** Asks for it; the namespaces go on dying after the run. */
  async #deleteNamespaces(): Promise<void> {
    const env = this.#ready?.env;
    // A guest takes everything away itself, and waits for it.
    const others = this.#guest !== undefined || this.#options.disposable === true;
    if (env === undefined || env.keep || others) return;
    const info = await env.kube.kindInfo('Namespace');
    const names = [...env.leftNamespaces];
    const results = await Promise.allSettled(names.map((name) => env.kube.delete(info, undefined, name)));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) this.#options.progress?.(`${String(failed)} namespaces rp-* could not be deleted`);
  }

  #resultOf(scenario: Registered): ScenarioResult {
    return (
      this.engine.results.get(scenario.meta.id) ??
      notRun(scenario, 0, this.engine.aborted ?? 'it was not selected')
    );
  }

  #setUpOptions(progress: (line: string) => void): Parameters<typeof setUp>[1] {
    const { gatewayClass, install, kubeconfigPath, clusterLogDir } = this.#options;
    const { channel, release, supportedFeatures } = this.#options;
    const { keep, disposable, repeat = 1, implementation, echoImage, reach } = this.#options;
    const { logNamespaces = implementation?.logNamespaces } = this.#options;
    return {
      gatewayClass,
      install,
      profile: this.#options.profile ?? 'standard',
      ...given({ channel, release, supportedFeatures, implementation, echoImage, reachOptions: reach }),
      ...given({ runId: this.#guest?.runId }),
      limits: this.#limits(),
      keep: keep ?? false,
      // Other implementations' proxies come with controllers of their own (Contour: two a Gateway), and all of a user's share 128
      // inotify instances: left standing, those of one run held 84 of them, and Envoys without one crash.
      throwaway: disposable === true && repeat === 1 && implementation === undefined,
      ownCluster: disposable === true,
      byHand: this.#options.byHand ?? onDefaultCluster,
      logNamespaces: logNamespaces ?? ['routeproof-system'],
      progress,
      signal: this.engine.signal,
      ...given({ kubeconfigPath, clusterLogDir }),
    };
  }

  #limits(): Limits {
    return scaledLimits(this.#options.limitsScale ?? scaleFromEnv(), this.#options.limits);
  }

  #implementation(): Run['implementation'] {
    const { gatewayClass, implementation, fault } = this.#options;
    const env = this.#ready?.env;
    const planted = fault === undefined ? undefined : { name: `routeproof with fault ${fault}`, version };
    return implementationOf({
      gatewayClass: env?.gatewayClass ?? gatewayClass,
      controllerName: env?.controllerName,
      supportedFeatures: env?.supportedFeatures,
      ...(this.#options.supportedFeatures === undefined ? {} : { featuresFrom: '--supported-features' }),
      known:
        implementation === undefined
          ? planted
          : { name: implementation.title, version: implementation.version },
    });
  }

  async #facts(): Promise<Pick<RunFacts, 'cluster' | 'versions'>> {
    const { cluster, up, reach } = this.#options;
    const { upMs, versions }: Up = (await up) ?? { versions: {} };
    return {
      cluster: {
        ...(cluster ?? { provider: 'kubeconfig', name: 'current context' }),
        kubernetesVersion: await kubernetesVersion(this.#kube),
        ...(reach === undefined ? {} : { reachedBy: reachArguments(reach).join(' ') }),
        ...given({ upMs }),
      },
      versions: {
        routeproof: version,
        node: process.version,
        gatewayApi: this.#ready?.gatewayApi.version ?? 'unknown',
        ...(await componentVersions(versions, this.#options.implementation)),
      },
    };
  }
}

function scaleFromEnv(): number {
  const scale = Number(process.env['ROUTEPROOF_LIMITS_SCALE'] ?? '1');
  if (scale > 0) return scale;
  throw new RouteproofError('INVALID_INPUT', 'the scale of limits must be a positive number', {
    object: 'ROUTEPROOF_LIMITS_SCALE',
    seen: String(process.env['ROUTEPROOF_LIMITS_SCALE']),
    hint: 'such as 3 for busy cores, or unset it for 1',
  });
}
