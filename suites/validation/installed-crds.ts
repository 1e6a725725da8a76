import type { KubernetesObject, Scenario } from '../../harness/index.ts';

/** The CRDs of Gateway API that the cluster has. */
export async function gatewayApiCrds(t: Scenario): Promise<KubernetesObject[]> {
  const { stdout } = await t.kubectl(['get', 'crd', '-o', 'json']);
  const { items } = JSON.parse(stdout) as { items: KubernetesObject[] };
  return items.filter(({ metadata }) => metadata?.name?.endsWith('.gateway.networking.k8s.io') === true);
}

/** Release and channel as the CRD of GRPCRoute names them; empty where it does not. */
export function releaseOf(crds: KubernetesObject[]): { version: string; channel: string } {
  const crd = crds.find(({ metadata }) => metadata?.name?.startsWith('grpcroutes.') === true);
  const named = (name: string): string =>
    crd?.metadata?.annotations?.[`gateway.networking.k8s.io/${name}`] ?? '';
  return { version: named('bundle-version'), channel: named('channel') };
}
