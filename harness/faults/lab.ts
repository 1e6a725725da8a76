import { join } from 'node:path';
import { applySharedBackends, readBackendCa } from '../base/base.ts';
import { echoPodsReady, type ReadyOptions } from '../base/ready.ts';
import { bundleFor, type Asked } from '../install/bundle.ts';
import { installCrds } from '../install/crds.ts';
import type { Channel } from '../../common/official-releases.ts';
import { installUpgradePolicy, withPolicy } from '../install/upgrade-policy.ts';
import { KubeClient } from '../kube/client.ts';
import type { GatewayClass } from '../kube/objects.ts';
import { Watches } from '../kube/watches.ts';
import { directly } from '../reach/reach.ts';
import { Ledger, type EchoPod } from '../rpc/ledger.ts';
import { echoProtoDir, Protos } from '../rpc/protos.ts';
import type { RunEnv } from '../env/run-env.ts';
import { runRules, type RunRules } from '../env/run-rules.ts';
import { onDefaultCluster } from '../env/by-hand.ts';
import type { Limits } from '../env/limits.ts';
import { newNonce } from '../manifests/names.ts';
import { suitesDir } from '../../common/tools.ts';
import { featuresOf } from '../set-up/set-up.ts';
import { realClock } from '../wait/clock.ts';
import { installationOf } from './installation.ts';

export interface LabOptions extends Asked {
  kubeconfigPath?: string;
  /** What counts as right; default the spec. */
  profile?: string;
  limits: Limits;
  /** See RunEnv. */
  ownCluster: boolean;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** One cluster on which several implementations are under test side by side: they share API, echo servers and nothing else. */
export class Lab {
  readonly kube: KubeClient;
  readonly limits: Limits;
  echoPods: EchoPod[] = [];
  rules: RunRules;
  #backendCa = '';
  readonly #options: LabOptions;
  readonly #watches: Watches;
  readonly #protos = new Protos(echoProtoDir);
  readonly #ledger = new Ledger(this.#protos);

  private constructor(kube: KubeClient, options: LabOptions) {
    this.kube = kube;
    this.limits = options.limits;
    this.rules = runRules(options);
    this.#options = options;
    this.#watches = new Watches(kube);
  }

  /** @throws RouteproofError - the cluster cannot do its part */
  static async open(options: LabOptions): Promise<Lab> {
    const lab = new Lab(await KubeClient.fromKubeconfig(options.kubeconfigPath), options);
    try {
      const { release, channel } = await bundleFor(lab.kube, options);
      lab.rules = { ...lab.rules, release };
      await lab.install(channel);
      options.progress('starting the echo servers');
      await applySharedBackends(lab.kube, join(suitesDir, 'base'));
      lab.echoPods = await echoPodsReady(lab.ready(lab.limits.baseMs));
      lab.#backendCa = await readBackendCa(lab.kube);
      return lab;
    } catch (error) {
      lab.close();
      throw error;
    }
  }

  /** Installs the CRDs of that channel, over those of the other. */
  async install(channel: Channel): Promise<void> {
    const { release } = this.rules;
    this.#options.progress(`installing the Gateway API CRDs ${release} (${channel} channel)`);
    const ready = this.ready(this.limits.installMs);
    await installCrds(this.kube, channel, ready, release);
    if (withPolicy(this.#options, channel)) await installUpgradePolicy(release, ready);
  }

  ready(limitMs: number): ReadyOptions {
    const { signal } = this.#options;
    return { kube: this.kube, watches: this.#watches, clock: realClock, signal, limitMs };
  }

  /** What scenarios run with against the implementation of that fault, once it is installed. */
  envOf(fault: string, gatewayClass: GatewayClass): RunEnv {
    const { namespace, gatewayClass: className, controllerName } = installationOf(fault);
    return {
      runId: newNonce(),
      kube: this.kube,
      watches: this.#watches,
      limits: this.limits,
      clock: realClock,
      gatewayClass: className,
      baseNamespace: namespace,
      controllerName,
      supportedFeatures: featuresOf(gatewayClass),
      rules: this.rules,
      crdRelease: this.rules.release,
      echoPods: this.echoPods,
      backendCa: this.#backendCa,
      protos: this.#protos,
      reach: directly,
      ledger: this.#ledger,
      logNamespaces: [namespace],
      kubeconfigPath: this.#options.kubeconfigPath,
      keep: false,
      throwaway: false,
      ownCluster: this.#options.ownCluster,
      explain: false,
      byHand: onDefaultCluster,
      leftNamespaces: new Set(),
    };
  }

  close(): void {
    this.#watches.stop();
    this.#ledger.close();
    this.kube.close();
  }
}
