import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { ApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-client.ts';
import { Informer } from '../../api/informer.ts';
import type { KubeObject, Pod } from '../../api/types.ts';

const manifestFile = fileURLToPath(new URL('coredns.yaml', import.meta.url));

/** Of the kinds that the manifest has. */
const collections: Record<string, string> = {
  ServiceAccount: '/api/v1/namespaces/kube-system/serviceaccounts',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  ConfigMap: '/api/v1/namespaces/kube-system/configmaps',
  Service: '/api/v1/namespaces/kube-system/services',
  Deployment: '/apis/apps/v1/namespaces/kube-system/deployments',
};

/**
 * Runs CoreDNS in the cluster. Resolves when it answers.
 *
 * @param api - of a server that is ready
 * @throws ApiError
 */
export async function installDns(api: ApiClient): Promise<void> {
  // The API server makes it too, a moment after it is ready.
  await create(api, '/api/v1/namespaces', { metadata: { name: 'kube-system' } });
  for (const document of parseAllDocuments(readFileSync(manifestFile, 'utf8'))) {
    const object = document.toJS() as KubeObject;
    const collection = collections[object.kind ?? ''];
    if (collection === undefined) throw new Error(`${manifestFile} has a ${object.kind ?? 'nameless kind'}`);
    await create(api, collection, object);
  }
  await podReady(api);
}

async function create(api: ApiClient, collection: string, object: KubeObject): Promise<void> {
  try {
    await api.post(collection, object);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}

async function podReady(api: ApiClient): Promise<void> {
  const path = '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns';
  await new Promise<void>((resolve, reject) => {
    const pods = new Informer<Pod>(api, path, {
      changed: ({ status }) => {
        if (!status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')) return;
        resolve();
        queueMicrotask(() => pods.stop());
      },
    });
    pods.start().catch(reject);
  });
}
