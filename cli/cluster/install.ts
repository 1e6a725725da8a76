import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { classAccepted } from '../../harness/base/ready.ts';
import { installCrds } from '../../harness/install/crds.ts';
import { installBundledGateway } from '../../harness/install/gateway.ts';
import { bundledClass } from '../../harness/set-up/run-facts.ts';
import { KubeClient } from '../../harness/kube/client.ts';
import { Watches } from '../../harness/kube/watches.ts';
import { scaledLimits } from '../../harness/env/limits.ts';
import { realClock } from '../../harness/wait/clock.ts';
import { progressLine } from '../output/progress.ts';

/**
 * Installs Gateway API, and the bundled gateway until its class is accepted, into the cluster of KUBECONFIG.
 *
 * @throws RouteproofError API_UNREACHABLE, GATEWAYCLASS_NOT_ACCEPTED
 */
export async function install(options: {
  channel: Channel;
  release: OfficialRelease;
  gateway: boolean;
  signal: AbortSignal;
}): Promise<void> {
  const kube = await KubeClient.fromKubeconfig(undefined);
  const watches = new Watches(kube);
  const ready = {
    kube,
    watches,
    clock: realClock,
    signal: options.signal,
    limitMs: scaledLimits(1).installMs,
  };
  try {
    const { channel, release } = options;
    progressLine(`installing the Gateway API CRDs ${release} (${channel} channel)`);
    const crds = installCrds(kube, channel, ready, release);
    if (!options.gateway) {
      await crds;
      return;
    }
    progressLine('installing the bundled gateway');
    const [, why] = await Promise.all([crds, installBundledGateway(kube, crds)]);
    await classAccepted(bundledClass, ready, why);
  } finally {
    watches.stop();
    kube.close();
  }
}
