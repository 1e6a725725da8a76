import { ApiStatusError } from '../provider/api-client.ts';
import type { ApiClient } from '../provider/api-client.ts';
import type { Leftover } from './leftovers.ts';

/** API paths of all objects that a proxy of that name is made of. */
export function proxyPaths({ namespace, name }: Pick<Leftover, 'namespace' | 'name'>): Record<Kind, string> {
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    service: `${core}/services/${name}`,
    deployment: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
    serviceAccount: `${core}/serviceaccounts/${name}`,
    configMap: `${core}/configmaps/${name}`,
    secret: `${core}/secrets/${name}`,
  };
}

type Kind = 'service' | 'deployment' | 'serviceAccount' | 'configMap' | 'secret';

/**
 * Deletes a proxy: its address first, then its pods, which drain; the rest only where Kubernetes does not with the Gateway.
 *
 * @throws ApiStatusError, or the error of the connection; what was deleted, or made anew, by somebody else is no error
 */
export async function removeProxy(client: Pick<ApiClient, 'json'>, leftover: Leftover): Promise<void> {
  const paths = proxyPaths(leftover);
  const { serviceUid, deploymentUid, ownerGone } = leftover;
  if (serviceUid !== undefined) await remove(client, paths.service, serviceUid);
  if (!ownerGone) {
    const rest = [paths.serviceAccount, paths.configMap, paths.secret];
    await Promise.all(rest.map((path) => remove(client, path)));
  }
  // Last, because it is watched: a removal that fails half-way is found and tried again.
  if (deploymentUid !== undefined) await remove(client, paths.deployment, deploymentUid);
}

async function remove(client: Pick<ApiClient, 'json'>, path: string, uid?: string): Promise<void> {
  try {
    await client.json({
      method: 'DELETE',
      path,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(uid !== undefined && { preconditions: { uid } }),
      },
    });
  } catch (error) {
    // 409: another object of that name.
    if (error instanceof ApiStatusError && (error.code === 404 || error.code === 409)) return;
    throw error;
  }
}
