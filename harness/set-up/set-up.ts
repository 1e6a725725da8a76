import { join } from 'node:path';
import { given } from '../../common/given.ts';
import { nearMatches } from '../../common/known-names.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { suitesDir } from '../../common/tools.ts';
import { applySharedBackends, applySharedGateway, readBackendCa } from '../base/base.ts';
import { classAccepted, echoPodsReady, sharedGatewayReady, type ReadyOptions } from '../base/ready.ts';
import { isBeforeAll, servedRelease } from '../clauses/release.ts';
import type { Implementation } from '../implementations/implementation.ts';
import { installImplementation } from '../implementations/install.ts';
import { bundleFor, releaseToJudge } from '../install/bundle.ts';
import { installCrds, installedCrds } from '../install/crds.ts';
import { installBundledGateway } from '../install/gateway.ts';
import { installUpgradePolicy, withPolicy } from '../install/upgrade-policy.ts';
import type { KubeClient } from '../kube/client.ts';
import type { GatewayClass } from '../kube/objects.ts';
import { Watches } from '../kube/watches.ts';
import { listenersOf, readProfile } from '../profiles/profile.ts';
import { reachBy, type ReachOptions } from '../reach/index.ts';
import { Ledger } from '../rpc/ledger.ts';
import { echoProtoDir, Protos } from '../rpc/protos.ts';
import type { RunEnv } from '../env/run-env.ts';
import { bundledClass } from './run-facts.ts';
import { runRules } from '../env/run-rules.ts';
import type { ByHand } from '../env/by-hand.ts';
import { FurnishedNamespaces } from '../env/furnished-namespaces.ts';
import type { Limits } from '../env/limits.ts';
import { baseNamespace, newNonce } from '../manifests/names.ts';
import { registeredScenarios } from '../specs/registry.ts';
import { realClock } from '../wait/clock.ts';

export interface SetUpOptions {
  gatewayClass: string;
  /** Install CRDs, and the bundled gateway when the class is its own. */
  install: boolean;
  /** Left open: as the cluster has it, else the default ones. */
  channel?: Channel;
  release?: OfficialRelease;
  profile: string;
  /** Instead of those that the class claims. */
  supportedFeatures?: string[];
  limits: Limits;
  keep: boolean;
  /** See RunEnv. */
  throwaway: boolean;
  /** See RunEnv. */
  ownCluster: boolean;
  /** Left open: a new one. */
  runId?: string;
  /** Installed beside the CRDs; `gatewayClass` is its own. */
  implementation?: Implementation;
  /** Instead of the echo servers' image in the manifests. */
  echoImage?: string;
  /** Left open: addresses are dialled as they are. */
  reachOptions?: ReachOptions;
  logNamespaces: string[];
  kubeconfigPath?: string;
  /** See RunEnv. */
  clusterLogDir?: string;
  byHand: ByHand;
  progress: (line: string) => void;
  signal: AbortSignal;
}

export interface SetUp {
  env: RunEnv;
  gatewayApi: { version: string; channel: string; release: string };
  /** Lets go of what it holds; with `remove` it also takes away what was installed for this run alone. */
  end?: (of: { remove: boolean }) => Promise<void>;
}

/**
 * Makes a cluster ready for scenarios: CRDs, implementation, class, base.
 *
 * @throws RouteproofError - the cluster or the implementation cannot do its part
 */
export async function setUp(kube: KubeClient, options: SetUpOptions): Promise<SetUp> {
  const watches = new Watches(kube);
  const { limits, signal, progress, gatewayClass } = options;
  const ready = (limitMs: number): ReadyOptions => ({ kube, watches, clock: realClock, signal, limitMs });
  try {
    const base = join(suitesDir, 'base');
    progress('applying the base: echo servers and the shared Gateway');
    // Pods take a second to start: those that need no CRD do so while the API server takes the CRDs.
    const [why] = await Promise.all([
      options.install ? install(kube, options, ready(limits.installMs)) : undefined,
      applySharedBackends(kube, base, options.echoImage),
    ]);
    await applySharedGateway(kube, base, {
      namespace: baseNamespace,
      gatewayClass,
      ...listenersOf(readProfile(options.profile)),
    });
    const limitMs = why === undefined ? limits.statusMs : limits.installMs;
    const accepted = await classAccepted(gatewayClass, ready(limitMs), why);
    const [echoPods] = await Promise.all([
      echoPodsReady(ready(limits.baseMs)),
      sharedGatewayReady(ready(limits.baseMs), baseNamespace, options.implementation && why),
    ]);
    const gatewayApi = await installedCrds(kube);
    const release = releaseToJudge(options.release, gatewayApi.version, progress);
    const crdRelease = servedRelease(gatewayApi.version) ?? release;
    const protos = new Protos(echoProtoDir);
    warnOfUnknown(options.supportedFeatures, progress);
    const backendCa = await readBackendCa(kube);
    const { reachOptions = {}, kubeconfigPath } = options;
    const reach = await reachBy(kube, reachOptions, { kubeconfigPath, progress });
    const env: RunEnv = {
      runId: options.runId ?? newNonce(),
      kube,
      watches,
      limits,
      clock: realClock,
      gatewayClass,
      baseNamespace,
      controllerName: accepted.spec?.controllerName ?? '',
      supportedFeatures:
        options.supportedFeatures === undefined ? featuresOf(accepted) : new Set(options.supportedFeatures),
      rules: runRules({
        release,
        crdRelease,
        ...(isBeforeAll(gatewayApi.version) ? { olderCrds: gatewayApi.version } : {}),
        profile: options.profile,
      }),
      crdRelease,
      echoPods,
      ...given({
        echoImage: options.echoImage,
        configDump: options.implementation?.configDump,
        sharedProxies: options.implementation?.sharedProxies,
      }),
      backendCa,
      protos,
      reach,
      ledger: new Ledger(protos, reach),
      logNamespaces: options.logNamespaces,
      writesParentNamespaces: options.implementation?.needs.parentNamespaces === true,
      kubeconfigPath,
      ...given({ clusterLogDir: options.clusterLogDir }),
      keep: options.keep,
      throwaway: options.throwaway,
      ownCluster: options.ownCluster,
      explain: true,
      byHand: options.byHand,
      // Whoever keeps what was applied wants to see whose it is.
      ...(options.keep ? {} : { furnished: new FurnishedNamespaces() }),
      leftNamespaces: new Set(),
    };
    return { env, gatewayApi: { ...gatewayApi, release } };
  } catch (error) {
    watches.stop();
    throw error;
  }
}

/** @returns says what keeps what was installed from running, where that was an implementation */
async function install(
  kube: KubeClient,
  options: SetUpOptions,
  ready: ReadyOptions,
): Promise<(() => Promise<string>) | undefined> {
  const { release, channel } = await bundleFor(kube, options);
  options.progress(`installing the Gateway API CRDs ${release} (${channel} channel)`);
  const crds = installCrds(kube, channel, ready, release);
  const policy = withPolicy(options, channel)
    ? crds.then(() => installUpgradePolicy(release, ready))
    : undefined;
  if (options.gatewayClass !== bundledClass) {
    await Promise.all([crds, policy]);
    const { implementation, kubeconfigPath } = options;
    if (implementation === undefined) return undefined;
    options.progress(`installing ${implementation.title} ${implementation.version}`);
    return installImplementation(implementation, { ...ready, kubeconfigPath });
  }
  options.progress('installing the bundled gateway');
  const [, why] = await Promise.all([crds, installBundledGateway(kube, crds), policy]);
  return why;
}

/** Before Gateway API 1.2 the features were plain strings. */
export function featuresOf(gatewayClass: GatewayClass): Set<string> {
  const features = gatewayClass.status?.supportedFeatures ?? [];
  return new Set(features.map((feature) => (typeof feature === 'string' ? feature : feature.name)));
}

/** A misspelt feature would leave its scenarios out without a word. Most that exist concern no scenario here, so it is no error. */
function warnOfUnknown(features: string[] | undefined, progress: (line: string) => void): void {
  const known = registeredScenarios().flatMap(({ meta }) => meta.features ?? []);
  for (const feature of features ?? []) {
    if (known.includes(feature) || feature === 'Gateway' || feature === 'GRPCRoute') continue;
    const near = nearMatches(feature, known);
    progress(
      `no scenario that is loaded needs feature ${feature}${near.length === 0 ? '' : ` (did you mean ${near.join(', ')}?)`}`,
    );
  }
}
