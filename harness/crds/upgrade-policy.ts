import { RouteproofError } from '../../common/errors.ts';
import { ApiRefusal } from '../kube/refusal.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Clock } from '../wait/clock.ts';

/** The ValidatingAdmissionPolicy that comes with each release of Gateway API, and guards its CRDs. */
export const policyName = 'safe-upgrades.gateway.networking.k8s.io';
export const policyApi = 'admissionregistration.k8s.io/v1';

export interface Policy extends KubeObject {
  spec: { validations: { expression: string; message?: string }[] };
}

export interface PolicyWait {
  kube: KubeClient;
  clock: Clock;
  limitMs: number;
  signal: AbortSignal;
}

/** The API server looks for new policies once a second. */
const pollMs = 50;
const group = 'gateway.networking.k8s.io';

/** The smallest CRD that the policy is about, without a version: it is refused while the policy is in force. Never stored. */
export const canary: KubeObject & { spec: object } = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `routeproofcanaries.${group}`,
    // Asked for in groups of Kubernetes itself.
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for dry runs' },
  },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'routeproofcanaries', singular: 'routeproofcanary', kind: 'RouteproofCanary' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

/**
 * Waits until the API server's answer to the canary is as wanted, or the signal is aborted.
 *
 * @throws RouteproofError CRD_NOT_SERVED - it was not, before the limit
 */
export async function untilPolicy(
  isWanted: (refusal: string | undefined) => boolean,
  { kube, clock, limitMs, signal }: PolicyWait,
): Promise<void> {
  const start = clock.now();
  for (;;) {
    if (isWanted(await refusalOfCanary(kube)) || signal.aborted) return;
    if (clock.now() - start > limitMs)
      throw new RouteproofError(
        'CRD_NOT_SERVED',
        'the API server does not use an admission policy that it has taken',
        {
          object: `ValidatingAdmissionPolicy ${policyName}`,
          hint: 'the log of kube-apiserver says what holds it up; on busy cores --limits-scale waits longer',
        },
      );
    // The API server announces nothing that could be watched.
    await clock.sleep(pollMs, signal);
  }
}

async function refusalOfCanary(kube: KubeClient): Promise<string | undefined> {
  try {
    await kube.apply(canary, { dryRun: true });
    return undefined;
  } catch (error) {
    if (error instanceof ApiRefusal) return error.message;
    throw error;
  }
}
