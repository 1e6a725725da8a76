import { applyBase, readBackendCa } from './base/base.ts';
import { classAccepted, echoPodsReady, sharedGatewayReady, type ReadyOptions } from './base/ready.ts';
import { installCrds, installedCrds, type Channel } from './install/crds.ts';
import { bundledClass, installBundledGateway } from './install/gateway.ts';
import type { KubeClient } from './kube/client.ts';
import type { GatewayClass } from './kube/objects.ts';
import { Watches } from './kube/watches.ts';
import { Ledger } from './rpc/ledger.ts';
import { echoProtoDir, Protos } from './rpc/protos.ts';
import type { RunEnv } from './run-env.ts';
import type { Limits } from './scenario/limits.ts';
import { baseNamespace, newNonce } from './scenario/names.ts';
import { realClock } from './wait/clock.ts';
import { join } from 'node:path';
import { suitesDir } from './scenario/spec-files.ts';

export interface SetUpOptions {
  gatewayClass: string;
  /** Install CRDs, and the bundled gateway when the class is its own. */
  install: boolean;
  channel: Channel;
  limits: Limits;
  keep: boolean;
  logNamespaces: string[];
  kubeconfigPath?: string;
  /** See RunEnv. */
  sameRun: string[];
  progress: (line: string) => void;
  signal: AbortSignal;
}

export interface SetUp {
  env: RunEnv;
  gatewayApi: { version: string; channel: string };
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
    const why = options.install ? await install(kube, options, ready(limits.installMs)) : undefined;
    progress('applying the base: echo servers and the shared Gateway');
    await applyBase(kube, join(suitesDir, 'base'), gatewayClass);
    const limitMs = why === undefined ? limits.statusMs : limits.installMs;
    const accepted = await classAccepted(gatewayClass, ready(limitMs), why);
    const [echoPods] = await Promise.all([
      echoPodsReady(ready(limits.baseMs)),
      sharedGatewayReady(ready(limits.baseMs)),
    ]);
    const protos = new Protos(echoProtoDir);
    const env: RunEnv = {
      runId: newNonce(),
      kube,
      watches,
      limits,
      clock: realClock,
      gatewayClass,
      baseNamespace,
      controllerName: accepted.spec?.controllerName ?? '',
      supportedFeatures: featuresOf(accepted),
      echoPods,
      backendCa: await readBackendCa(kube),
      protos,
      ledger: new Ledger(protos),
      logNamespaces: options.logNamespaces,
      kubeconfigPath: options.kubeconfigPath,
      keep: options.keep,
      explain: true,
      sameRun: options.sameRun,
      leftNamespaces: new Set(),
    };
    return { env, gatewayApi: await installedCrds(kube) };
  } catch (error) {
    watches.stop();
    throw error;
  }
}

/** @returns what `installBundledGateway` does, when that is what was installed */
async function install(
  kube: KubeClient,
  options: SetUpOptions,
  ready: ReadyOptions,
): Promise<(() => Promise<string>) | undefined> {
  options.progress(`installing the Gateway API CRDs (${options.channel} channel)`);
  await installCrds(kube, options.channel, ready);
  if (options.gatewayClass !== bundledClass) return undefined;
  options.progress('installing the bundled gateway');
  return installBundledGateway(kube);
}

/** Before Gateway API 1.2 the features were plain strings. */
export function featuresOf(gatewayClass: GatewayClass): Set<string> {
  const features = gatewayClass.status?.supportedFeatures ?? [];
  return new Set(features.map((feature) => (typeof feature === 'string' ? feature : feature.name)));
}
