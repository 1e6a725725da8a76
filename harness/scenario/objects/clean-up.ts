import type { KubeObject } from '../../kube/objects.ts';
import { idOf, type ScenarioCore } from '../core/core.ts';
import type { Furnished } from '../../env/furnished-namespaces.ts';

export const routeKinds: ReadonlySet<string> = new Set(['GRPCRoute', 'HTTPRoute']);
/**
 * What costs others something while it stays: proxies, pods, routes that a shared Gateway has to serve, Services, each of which makes
 * every sync of kube-proxy longer, cluster-wide names.
 */
const costlyKinds = new Set([
  ...routeKinds,
  'Gateway',
  'GatewayClass',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Pod',
  'Service',
  'EndpointSlice',
]);

/**
 * Takes the load off the cluster that the scenario has put on it. Its namespaces are left for the end of the run: deleting one has
 * the API server look through every kind there is, about 70 requests. Where the whole cluster ends after this round, only routes
 * go, for the shared Gateway's sake: a proxy of the bundled gateway costs more CPU while it is taken down than while it idles for
 * the rest of a run.
 */
export async function cleanUp(core: ScenarioCore, { passed }: { passed: boolean }): Promise<void> {
  const { kube, throwaway } = core.env;
  const furnished = passed ? furnishedBy(core) : undefined;
  const stays = new Set(furnished?.backends.flatMap(({ objects }) => objects));
  const isOutside = (object: KubeObject): boolean => !core.namespaces.has(object.metadata?.namespace ?? '');
  const doomed = [...core.applied.values()].filter(
    (object) =>
      !stays.has(object) &&
      object.kind !== 'Namespace' &&
      (isOutside(object) || (throwaway ? routeKinds : costlyKinds).has(object.kind ?? '')),
  );
  const gone = await Promise.all(
    doomed.map(async (object) => {
      const info = await kube.kindInfo(object.kind ?? '', object.apiVersion);
      return kube.delete(info, object.metadata?.namespace, object.metadata?.name ?? '');
    }),
  );
  for (const name of core.namespaces.keys()) {
    core.env.watches.release(name);
    core.env.leftNamespaces.add(name);
  }
  if (furnished !== undefined && gone.every(Boolean)) core.env.furnished?.giveBack(furnished);
}

/** The scenario's namespace, if it applied nothing but routes there and left its backends as they were made. */
function furnishedBy({ names, namespaces, applied, backends, untidy }: ScenarioCore): Furnished | undefined {
  if (untidy || backends.length === 0 || namespaces.size !== 1 || !namespaces.has(names.own))
    return undefined;
  const standing = new Set(backends.flatMap(({ objects }) => objects));
  const isUntouched = [...standing].every((object) => applied.get(idOf(object)) === object);
  const isTidy = [...applied.values()].every(
    (object) => standing.has(object) || routeKinds.has(object.kind ?? ''),
  );
  return isUntouched && isTidy ? { name: names.own, backends } : undefined;
}
