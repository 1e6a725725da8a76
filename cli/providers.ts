import { LocalProvider } from '../clusters/local/local-provider.ts';
import type { Cluster, ClusterProvider } from '../clusters/provider.ts';
import { RouteproofError } from '../common/errors.ts';

const providers: Record<string, () => ClusterProvider> = { local: () => new LocalProvider() };

export const providerNames = Object.keys(providers);

/** @throws RouteproofError USAGE - no provider of that name */
export function providerOf(name: string): ClusterProvider {
  const make = providers[name];
  if (make !== undefined) return make();
  throw new RouteproofError('USAGE', `unknown cluster provider ${name}`, {
    hint: `one of ${providerNames.join(', ')}`,
  });
}

/** @throws RouteproofError CLUSTER_NOT_FOUND */
export async function runningCluster(provider: string, name: string): Promise<Cluster> {
  const cluster = await providerOf(provider).find(name);
  if (cluster !== undefined) return cluster;
  throw new RouteproofError('CLUSTER_NOT_FOUND', 'no such cluster is running', {
    object: `${provider} cluster ${name}`,
    hint: `start it with: routeproof up${name === 'default' ? '' : ` --name ${name}`}`,
  });
}
