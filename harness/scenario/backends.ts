import type { KubeObject } from '../kube/objects.ts';
import type { ScenarioCore } from './core.ts';
import { createObjects } from './objects.ts';
import { setupFailed } from './verdict.ts';

/** Services of the scenario whose endpoints are the shared echo pods, a different one each. */
export async function createBackends(core: ScenarioCore): Promise<void> {
  await Promise.all((core.meta.backends ?? []).map((written, index) => createBackend(core, written, index)));
}

async function createBackend(core: ScenarioCore, written: string, index: number): Promise<void> {
  const pod = core.env.echoPods[index];
  if (pod === undefined)
    throw setupFailed(`a shared echo pod for backend ${written}`, 'there are no more of them');
  const [name = '', inNamespace = ''] = written.split('/').reverse();
  const metadata = { name, namespace: inNamespace };
  const port = { name: 'grpc', port: 9000, appProtocol: 'kubernetes.io/h2c' };
  await createObjects(core, [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ ...port, targetPort: 9000 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata,
        labels: {
          'kubernetes.io/service-name': name,
          'endpointslice.kubernetes.io/managed-by': 'routeproof',
        },
      },
      addressType: pod.address.includes(':') ? 'IPv6' : 'IPv4',
      endpoints: [{ addresses: [pod.address], conditions: { ready: true } }],
      ports: [port],
    } as KubeObject,
  ]);
}
