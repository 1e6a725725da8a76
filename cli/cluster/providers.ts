import type { ContextWanted } from '../../clusters/kubeconfig/choose-context.ts';
import { KubeconfigProvider } from '../../clusters/kubeconfig/kubeconfig-provider.ts';
import { K3sProvider } from '../../clusters/k3s/k3s-provider.ts';
import { KindProvider } from '../../clusters/kind/kind-provider.ts';
import { LocalProvider } from '../../clusters/local/local-provider.ts';
import type { Cluster, ClusterProvider } from '../../clusters/provider.ts';
import { clusterProviders, type ClusterProviderName } from '../../common/cluster-providers.ts';
import { RouteproofError } from '../../common/errors.ts';

const providers: Record<ClusterProviderName, (wanted: ContextWanted) => ClusterProvider> = {
  local: () => new LocalProvider(),
  kind: () => new KindProvider(),
  k3s: () => new K3sProvider(),
  kubeconfig: (wanted) => new KubeconfigProvider(wanted),
};

export const providerNames: readonly string[] = clusterProviders;
/** Those whose clusters are started by us. */
export const startedProviderNames = providerNames.filter((name) => name !== 'kubeconfig');

/** @throws RouteproofError USAGE - no provider of that name, or one that does not read a kubeconfig is given one */
export function providerOf(name: string, wanted: ContextWanted = {}): ClusterProvider {
  const make = (providers as Record<string, (typeof providers)[ClusterProviderName] | undefined>)[name];
  if (make === undefined) {
    throw new RouteproofError('USAGE', `unknown cluster provider ${name}`, {
      hint: `one of ${providerNames.join(', ')}`,
    });
  }
  return make(wanted);
}

/** @throws RouteproofError CLUSTER_NOT_FOUND */
export async function runningCluster(provider: string, name: string): Promise<Cluster> {
  const cluster = await providerOf(provider).find(name);
  if (cluster !== undefined) return cluster;
  throw new RouteproofError('CLUSTER_NOT_FOUND', 'no such cluster is running', {
    object: `${provider} cluster ${name}`,
    hint: `start it with: routeproof up${clusterFlags(provider, name)}`,
  });
}

/** What a command about this cluster has to name, with a space before it. */
export function clusterFlags(provider: string, name: string): string {
  return `${provider === 'local' ? '' : ` --cluster ${provider}`}${name === 'default' ? '' : ` --name ${name}`}`;
}
