import { given } from '../../common/given.ts';
import { version } from '../../common/version.ts';

import type { KubeClient } from '../kube/client.ts';
import type { Run } from '../results/run.ts';

/** What is known of a cluster once it is up. */
export interface Up {
  /** Of its components, e.g. {envoy: 'v1.40.0'}. */
  versions: Record<string, string>;
  /** How long it took, milliseconds; absent for a cluster that ran already. */
  upMs?: number;
}

/** What run.json says of the implementation; only the bundled one is known by its class, others are told by flags. */
export function implementationOf(of: {
  gatewayClass: string;
  controllerName?: string | undefined;
  supportedFeatures?: Iterable<string> | undefined;
  featuresFrom?: '--supported-features';
  known?: { name: string; version: string } | undefined;
}): Run['implementation'] {
  const bundled = of.gatewayClass === bundledClass ? { name: 'routeproof', version } : undefined;
  const known = of.known ?? bundled;
  return {
    name: known?.name ?? of.gatewayClass,
    version: known?.version ?? 'unknown',
    controllerName: of.controllerName ?? 'unknown',
    gatewayClass: of.gatewayClass,
    supportedFeatures: [...(of.supportedFeatures ?? [])].sort(),
    ...given({ featuresFrom: of.featuresFrom }),
  };
}

/** `unknown` when the API server cannot be asked: a run that went wrong is reported all the same. */
export async function kubernetesVersion(kube: KubeClient | undefined): Promise<string> {
  try {
    const answer = (await kube?.send('GET', '/version')) as { gitVersion?: string } | undefined;
    return answer?.gitVersion ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** The class of the bundled implementation. */
export const bundledClass = 'routeproof';
