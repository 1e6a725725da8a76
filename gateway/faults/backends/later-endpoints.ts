import { keyOf } from '../../../common/object-key.ts';
import type { IrCluster } from '../../ir/ir.ts';
import type { EndpointSlice, Service } from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { onClusters } from '../hooks/ir.ts';
import { remembered } from '../hooks/memo.ts';
import { onObjects, onObjectsWith, serviceOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const addressOf = ({ addresses }: Endpoint): string => addresses.join(' ');

/** Services and EndpointSlices that change, of which a part is not followed. */
export const laterEndpoints: readonly Fault[] = [
  {
    name: 'recreated-service-as-before',
    title: 'A Service that is deleted and made again is served by the ports that it had.',
    clauses: ['backend-recovers', 'backend-port-is-service-port'],
    layers: [...layers, 'status'],
    hooks: () => {
      const known = new Map<string, { uid: string | undefined; service: Service }>();
      return {
        input: onObjects('services', (service) => {
          const { uid } = service.metadata as { uid?: string };
          const before = known.get(keyOf(service));
          if (before === undefined || before.uid === uid) known.set(keyOf(service), { uid, service });
          const kept = known.get(keyOf(service))?.service ?? service;
          return kept === service ? service : { ...service, spec: { ...service.spec, ...portsOf(kept) } };
        }),
      };
    },
  },
  {
    name: 'slice-port-edit-unnoticed',
    title: 'An EndpointSlice whose port changes goes on being called on the port that it had.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => besideFirst('endpointSlices', (now, { ports }) => ({ ...now, ...(ports && { ports }) })),
  },
  {
    name: 'removed-endpoints-kept',
    title:
      'An endpoint that an EndpointSlice loses goes on getting calls, as long as the EndpointSlice is there.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideEarlier<'endpointSlices', Map<string, Endpoint>>('endpointSlices', (now, before = new Map()) => {
        for (const endpoint of now.endpoints ?? []) before.set(addressOf(endpoint), endpoint);
        return { edited: { ...now, endpoints: [...before.values()] }, keep: before };
      }),
  },
  {
    name: 'unready-later-served',
    title: 'An endpoint that was ready once goes on getting calls when it is not ready any more.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideEarlier<'endpointSlices', Map<string, Endpoint>>('endpointSlices', (now, before = new Map()) => {
        const endpoints = (now.endpoints ?? []).map((endpoint) => {
          if (endpoint.conditions?.ready === true) before.set(addressOf(endpoint), endpoint);
          return before.get(addressOf(endpoint)) ?? endpoint;
        });
        return { edited: { ...now, endpoints }, keep: before };
      }),
  },
  {
    name: 'ready-again-unserved',
    title: 'An endpoint that was not ready for a time gets no calls when it is ready again.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideEarlier<'endpointSlices', Map<string, Endpoint>>('endpointSlices', (now, before = new Map()) => {
        const endpoints = (now.endpoints ?? []).map((endpoint) => {
          if (endpoint.conditions?.ready === false) before.set(addressOf(endpoint), endpoint);
          return before.get(addressOf(endpoint)) ?? endpoint;
        });
        return { edited: { ...now, endpoints }, keep: before };
      }),
  },
  {
    name: 'added-endpoints-unserved',
    title: 'Where a Service has endpoints, those that it gets later get no calls.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => {
      const known = new Map<string, Set<string>>();
      return {
        input: onObjects('endpointSlices', (slice) => {
          const endpoints = slice.endpoints ?? [];
          const first = known.get(serviceOf(slice)) ?? new Set(endpoints.map(addressOf));
          if (first.size > 0) known.set(serviceOf(slice), first);
          return { ...slice, endpoints: endpoints.filter((endpoint) => first.has(addressOf(endpoint))) };
        }),
      };
    },
  },
  {
    name: 'endpoints-under-policy-frozen',
    title: 'A Service under a policy is called on the endpoints that it had first.',
    clauses: ['backend-endpoints-follow'],
    layers,
    hooks: () => {
      const first = new Map<string, IrCluster['endpoints']>();
      return {
        ir: onClusters((cluster) => {
          if (cluster.tls === undefined) return cluster;
          const endpoints = first.get(cluster.name) ?? cluster.endpoints;
          if (endpoints.length > 0) first.set(cluster.name, endpoints);
          return { ...cluster, endpoints };
        }),
      };
    },
  },
  {
    name: 'endpoints-abroad-frozen',
    title: 'A Service of a namespace without routes is called on the endpoints that it had first.',
    clauses: ['backend-endpoints-follow'],
    layers,
    hooks: () => {
      const first = new Map<string, EndpointSlice['endpoints']>();
      const namespacesOf = remembered(
        (routes: Objects['grpcRoutes']) => new Set(routes.map(({ metadata }) => metadata.namespace)),
      );
      return {
        input: onObjectsWith('endpointSlices', (slice, { objects }) => {
          if (namespacesOf(objects.grpcRoutes).has(slice.metadata.namespace)) return slice;
          const endpoints = first.get(keyOf(slice)) ?? slice.endpoints ?? [];
          if (endpoints.length > 0) first.set(keyOf(slice), endpoints);
          return endpoints === slice.endpoints ? slice : { ...slice, endpoints };
        }),
      };
    },
  },
  {
    name: 'only-cluster-ip-services',
    title: 'Services of type NodePort and LoadBalancer are taken for missing.',
    clauses: ['backend-service-types'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjects('services', (service) =>
        ['NodePort', 'LoadBalancer'].includes(service.spec?.type ?? '') ? undefined : service,
      ),
    }),
  },
];

function portsOf({ spec }: Service): Pick<NonNullable<Service['spec']>, 'ports'> {
  return { ...(spec?.ports && { ports: spec.ports }) };
}
