import type { EndpointSlice, Service } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards } from '../hooks/ir.ts';
import { onObjects, serviceOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const keyOfService = ({ metadata }: Service): string => `${metadata.namespace}/${metadata.name}`;

/** Clusters of Services that HTTPRoutes use are swapped for others. */
function forServicesOfBothKinds(rename: (cluster: string) => string): FaultHooks {
  const used = new Set<string>();
  const renamed = (): NonNullable<FaultHooks['ir']> =>
    onForwards((action) => ({
      ...action,
      backends: action.backends.map((backend) => {
        const { cluster } = backend;
        return cluster !== undefined && used.has(cluster.split('/').slice(0, 2).join('/'))
          ? { ...backend, cluster: rename(cluster) }
          : backend;
      }),
    }));
  let edit = renamed();
  return {
    input: (input) => {
      const before = used.size;
      for (const { metadata, spec } of input.objects.httpRoutes)
        for (const { backendRefs = [] } of spec.rules ?? [])
          for (const { name, namespace = metadata.namespace } of backendRefs)
            used.add(`${namespace}/${name}`);
      // Routes that were edited before keep their edit otherwise.
      if (used.size !== before) edit = renamed();
      return input;
    },
    ir: (gateway) => edit(gateway),
  };
}

/** Services whose EndpointSlices are not all alike, and such as are used in two ways. */
export const endpointCorners: readonly Fault[] = [
  {
    name: 'ports-of-first-slice-for-all',
    title: 'Endpoints of all EndpointSlices of a Service are called on the port that the first of them has.',
    clauses: ['backend-service-forwarding', 'backend-port-is-service-port'],
    layers,
    hooks: () => ({
      input: (input) => {
        const first = new Map<string, EndpointSlice['ports']>();
        const endpointSlices = input.objects.endpointSlices.map((slice) => {
          const ports = first.get(serviceOf(slice)) ?? slice.ports;
          first.set(serviceOf(slice), ports);
          return ports === slice.ports || ports === undefined ? slice : { ...slice, ports };
        });
        return { ...input, objects: { ...input.objects, endpointSlices } };
      },
    }),
  },
  {
    name: 'headless-port-taken-literally',
    title: 'Pods of a headless Service are called on the port of the Service, not on their own.',
    clauses: ['backend-service-types', 'backend-port-is-service-port'],
    layers,
    hooks: () => ({
      input: (input) => {
        const headless = new Map(
          input.objects.services
            .filter(({ spec }) => (spec as { clusterIP?: string } | undefined)?.clusterIP === 'None')
            .map((service) => [keyOfService(service), service]),
        );
        const endpointSlices = input.objects.endpointSlices.map((slice) => {
          const service = headless.get(serviceOf(slice));
          if (service === undefined) return slice;
          const ports = (slice.ports ?? []).map((port) => {
            const written = service.spec?.ports?.find(({ name = '' }) => name === (port.name ?? ''));
            return written === undefined ? port : { ...port, port: written.port };
          });
          return { ...slice, ports };
        });
        return { ...input, objects: { ...input.objects, endpointSlices } };
      },
    }),
  },
  {
    name: 'slices-of-a-name-only',
    title: 'EndpointSlices whose name does not begin with that of their Service are not looked at.',
    clauses: ['backend-service-forwarding', 'backend-endpoints-follow'],
    layers,
    hooks: () => ({
      input: onObjects('endpointSlices', (slice) =>
        slice.metadata.name.startsWith(slice.metadata.labels?.['kubernetes.io/service-name'] ?? '')
          ? slice
          : undefined,
      ),
    }),
  },
  {
    name: 'service-of-both-kinds-over-http1',
    title: 'A Service that an HTTPRoute uses too is spoken to in HTTP/1.1 by every route.',
    clauses: ['backend-appprotocol-h2c-grpcroute', 'backend-appprotocol-absent-inferred'],
    layers: [...layers, 'http2'],
    reference: 'envoyproxy/gateway#1912',
    hooks: () => forServicesOfBothKinds((cluster) => cluster.replace(/\/h2c$/, '/http1')),
  },
  {
    name: 'tls-service-of-both-kinds-over-http1',
    title:
      'A Service under a policy that an HTTPRoute uses too is spoken to in HTTP/1.1 over TLS by every route.',
    clauses: ['btls-http2-over-tls', 'btls-union-with-grpcroute'],
    layers: [...layers, 'http2'],
    reference: 'envoyproxy/gateway#1912',
    hooks: () => forServicesOfBothKinds((cluster) => cluster.replace('/h2/tls-', '/http1/tls-')),
  },
];
