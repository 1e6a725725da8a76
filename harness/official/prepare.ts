import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { classAccepted, type ReadyOptions } from '../base/ready.ts';
import { installCrds } from '../install/crds.ts';
import { installBundledGateway } from '../install/gateway.ts';
import { bundledClass } from '../set-up/run-facts.ts';
import type { KubeClient } from '../kube/client.ts';
import { Watches } from '../kube/watches.ts';
import { scaledLimits } from '../env/limits.ts';
import { featuresOf } from '../set-up/set-up.ts';
import { realClock } from '../wait/clock.ts';

export interface PrepareOptions {
  release: OfficialRelease;
  gatewayClass: string;
  install: boolean;
  channel: Channel;
  limitsScale: number;
  progress: (line: string) => void;
  signal: AbortSignal;
}

export interface Prepared {
  controllerName: string;
  /** GatewayClass.status.supportedFeatures. */
  claimed: ReadonlySet<string>;
}

/**
 * CRDs of the suite's release, implementation, class. The suite brings its own Gateways and backends.
 *
 * @throws RouteproofError - the cluster or the implementation cannot do its part
 */
export async function prepare(kube: KubeClient, options: PrepareOptions): Promise<Prepared> {
  const watches = new Watches(kube);
  const { gatewayClass, signal } = options;
  const { installMs, statusMs } = scaledLimits(options.limitsScale);
  const ready = (limitMs: number): ReadyOptions => ({ kube, watches, clock: realClock, signal, limitMs });
  try {
    const why = options.install ? await install(kube, options, ready(installMs)) : undefined;
    const accepted = await classAccepted(gatewayClass, ready(why === undefined ? statusMs : installMs), why);
    return { controllerName: accepted.spec?.controllerName ?? '', claimed: featuresOf(accepted) };
  } finally {
    watches.stop();
  }
}

async function install(
  kube: KubeClient,
  { release, channel, gatewayClass, progress }: PrepareOptions,
  ready: ReadyOptions,
): Promise<(() => Promise<string>) | undefined> {
  progress(`installing the Gateway API CRDs ${release} (${channel} channel)`);
  await installCrds(kube, channel, ready, release);
  if (gatewayClass !== bundledClass) return undefined;
  progress('installing the bundled gateway');
  return installBundledGateway(kube);
}
