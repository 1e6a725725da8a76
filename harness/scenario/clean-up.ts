import type { KubeObject } from '../kube/objects.ts';
import type { ScenarioCore } from './core.ts';

const routeKinds = new Set(['GRPCRoute', 'HTTPRoute']);
/** What costs others something while it stays: proxies, pods, routes that a shared Gateway has to serve, cluster-wide names. */
const costlyKinds = new Set([
  ...routeKinds,
  'Gateway',
  'GatewayClass',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Pod',
]);

/**
 * Takes the load off the cluster that the scenario has put on it. Its namespaces are left for the end of the run: deleting one has
 * the API server look through every kind there is, about 70 requests. Where the whole cluster ends after this round, only routes
 * go, for the shared Gateway's sake: a proxy costs more CPU while it is taken down than while it idles for the rest of a run.
 */
export async function cleanUp(core: ScenarioCore): Promise<void> {
  const { kube, throwaway } = core.env;
  const isOutside = (object: KubeObject): boolean => !core.namespaces.has(object.metadata?.namespace ?? '');
  const doomed = [...core.applied.values()].filter(
    (object) =>
      object.kind !== 'Namespace' &&
      (isOutside(object) || (throwaway ? routeKinds : costlyKinds).has(object.kind ?? '')),
  );
  await Promise.all(
    doomed.map(async (object) => {
      const info = await kube.kindInfo(object.kind ?? '', object.apiVersion);
      await kube.delete(info, object.metadata?.namespace, object.metadata?.name ?? '');
    }),
  );
  for (const name of core.namespaces.keys()) {
    core.env.watches.release(name);
    core.env.leftNamespaces.add(name);
  }
}
