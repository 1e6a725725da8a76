/** EndpointSlices made by hand, so that a scenario decides when a Service has which endpoints. */
import type { KubernetesObject } from '../harness/index.ts';
import type { Scenario } from '../harness/index.ts';

export interface EndpointSlice extends KubernetesObject {
  addressType: string;
  ports: { name?: string; port?: number; protocol?: string }[];
  endpoints: {
    addresses: string[];
    conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
    zone?: string;
    hints?: { forZones: { name: string }[] };
  }[];
}

/** Points the selector-less Service `service` to the pods behind `backends` (names in meta.backends of the own namespace). */
export async function pointTo(t: Scenario, service: string, ...backends: string[]): Promise<void> {
  await pointPortsTo(t, service, { grpc: 9000 }, ...backends);
}

/** @param ports - by name of the Service's port, that of the pods ('' where the Service's port has no name) */
export function pointPortsTo(
  t: Scenario,
  service: string,
  ports: Record<string, number>,
  ...backends: string[]
): Promise<void> {
  return applySlice(t, { name: service, service, ports }, ...backends);
}

/** One of several slices of a Service, named by itself. */
export async function applySlice(
  t: Scenario,
  { name, service, ports }: { name: string; service: string; ports: Record<string, number> },
  ...backends: string[]
): Promise<void> {
  const slices = await Promise.all(
    backends.map((backend) =>
      t.get<EndpointSlice>({ kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', name: backend }),
    ),
  );
  const slice: object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, protocol: 'TCP' })),
    endpoints: slices.flatMap((each) =>
      each.endpoints.map(({ addresses }) => ({ addresses, conditions: { ready: true } })),
    ),
  };
  await t.applyObjects(slice);
}
