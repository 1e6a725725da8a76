import type { KubeObject } from '../kube/objects.ts';

const grpcPort = 9000;

/** A Service without a selector and its only EndpointSlice, which points to one of the shared echo pods. */
export function echoBackend(
  address: string,
  { name, namespace }: { name: string; namespace: string },
): [service: KubeObject, slice: KubeObject] {
  const metadata = { name, namespace };
  const port = { name: 'grpc', port: grpcPort, appProtocol: 'kubernetes.io/h2c' };
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports: [{ ...port, targetPort: grpcPort }] },
  };
  const labels = {
    'kubernetes.io/service-name': name,
    'endpointslice.kubernetes.io/managed-by': 'routeproof',
  };
  const slice: object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels },
    addressType: address.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [port],
  };
  return [service, slice];
}
