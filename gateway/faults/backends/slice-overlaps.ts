import { keyOf } from '../../../common/object-key.ts';
import type { EndpointSlice } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { clusterOf, onBackends, onGrpcRoutes } from '../hooks/ir.ts';
import { onObjects, serviceOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const addressesOf = ({ endpoints }: EndpointSlice): string[] =>
  (endpoints ?? []).flatMap(({ addresses }) => addresses);

/** Endpoints that are in more than one place, and EndpointSlices that leave out what most of them have. */
export const sliceOverlaps: readonly Fault[] = [
  {
    name: 'endpoint-goes-with-one-of-its-slices',
    title: 'An endpoint in two EndpointSlices of a Service gets no calls when one of them loses it.',
    clauses: ['backend-service-forwarding', 'backend-endpoints-follow'],
    layers,
    reference: 'istio/istio#27603',
    hooks: () => {
      const before = new Map<string, string[]>();
      const lost = new Map<string, Set<string>>();
      return {
        input: (input) => {
          for (const slice of input.objects.endpointSlices) {
            const now = addressesOf(slice);
            const gone = lost.get(serviceOf(slice)) ?? new Set();
            for (const address of before.get(keyOf(slice)) ?? [])
              if (!now.includes(address)) gone.add(address);
            for (const address of now)
              if (before.get(keyOf(slice))?.includes(address) === false) gone.delete(address);
            before.set(keyOf(slice), now);
            lost.set(serviceOf(slice), gone);
          }
          const endpointSlices = input.objects.endpointSlices.map((slice) => {
            const gone = lost.get(serviceOf(slice));
            if (gone === undefined || !addressesOf(slice).some((address) => gone.has(address))) return slice;
            const endpoints = (slice.endpoints ?? []).filter(
              ({ addresses }) => !addresses.some((address) => gone.has(address)),
            );
            return { ...slice, endpoints };
          });
          return { ...input, objects: { ...input.objects, endpointSlices } };
        },
      };
    },
  },
  {
    name: 'port-without-number-stops-the-controller',
    title:
      'An EndpointSlice with a port that has no number makes the translator fail, and no change is served any more.',
    clauses: ['backend-service-forwarding', 'backend-service-types'],
    layers: [...layers, 'status', 'programmed'],
    reference: 'traefik/traefik#13481',
    hooks: () => ({
      input: (input) => {
        for (const { ports } of input.objects.endpointSlices)
          if (ports?.some(({ port }) => port === undefined) === true)
            throw new Error('cannot read properties of undefined');
        return input;
      },
    }),
  },
  {
    name: 'services-of-same-pods-merged',
    title: 'Of two Services of a rule that lead to the same pods the second one has no share.',
    clauses: ['weight-proportional'],
    layers,
    reference: 'Kong/kong-operator#4509',
    hooks: () => ({
      // Anew each time: endpoints come and go while the route stays what it is.
      ir: (all) =>
        onGrpcRoutes((route, { gateway }) => {
          if (route.action.type !== 'forward') return route;
          const podsOf = (cluster = ''): string =>
            JSON.stringify(clusterOf(gateway, cluster)?.endpoints ?? cluster);
          const backends = route.action.backends.filter(
            ({ cluster }, index, others) =>
              !others
                .slice(0, index)
                .some((other) => other.cluster !== cluster && podsOf(other.cluster) === podsOf(cluster)),
          );
          return backends.length === route.action.backends.length
            ? route
            : { ...route, action: { ...route.action, backends } };
        })(all),
    }),
  },
  {
    name: 'weight-lost-while-away',
    title: 'A backend that was without endpoints for a time has a weight of 1 when it has some again.',
    clauses: ['weight-proportional', 'backend-endpoints-follow'],
    layers,
    reference: 'traefik/traefik#2986',
    hooks: () => {
      const seen = new Set<string>();
      const away = new Set<string>();
      return {
        ir: (gateway) => {
          for (const { name, endpoints } of gateway.clusters) {
            if (endpoints.length > 0) seen.add(name);
            else if (seen.has(name)) away.add(name);
          }
          return onBackends((backend) =>
            away.has(backend.cluster ?? '') ? { ...backend, weight: Math.min(backend.weight, 1) } : backend,
          )(gateway);
        },
      };
    },
  },
  {
    name: 'hinted-endpoints-unserved',
    title:
      'Endpoints with a hint that they are for another zone get no calls, also where there are no others.',
    clauses: ['backend-service-forwarding', 'backend-service-types'],
    layers,
    hooks: () => ({
      input: onObjects('endpointSlices', (slice) => {
        const endpoints = (slice.endpoints ?? []) as (Endpoint & { hints?: object })[];
        return { ...slice, endpoints: endpoints.filter(({ hints }) => hints === undefined) };
      }),
    }),
  },
];
