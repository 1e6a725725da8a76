import type { KubernetesObject, Scenario } from '../harness/index.ts';

interface Deployment extends KubernetesObject {
  spec: { replicas: number };
  status?: { observedGeneration?: number; availableReplicas?: number };
}

/** Waits until every pod of these Deployments is ready: how fast pods start says nothing about a gateway. */
export async function deploymentsMustBeAvailable(t: Scenario, ...names: string[]): Promise<void> {
  await Promise.all(
    names.map((name) =>
      t.until<Deployment>(
        { kind: 'Deployment', apiVersion: 'apps/v1', name },
        'all of its pods are available',
        ({ metadata, spec, status }) =>
          status?.observedGeneration === metadata?.generation && status?.availableReplicas === spec.replicas,
        'backend',
      ),
    ),
  );
}
