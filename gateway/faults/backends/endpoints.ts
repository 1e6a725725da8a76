import type { EndpointSlice, Service } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onResponses } from '../hooks/lua.ts';
import { onObjects, serviceOf } from '../hooks/objects.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const layers: Fault['layers'] = ['routed', 'backend'];
const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready !== false;

function onEndpoints(edit: (endpoints: Endpoint[]) => Endpoint[]) {
  return {
    input: onObjects('endpointSlices', (slice) => ({ ...slice, endpoints: edit(slice.endpoints ?? []) })),
  };
}

const hasNamedTarget = ({ spec }: Service): boolean =>
  spec?.ports?.some(({ targetPort }) => typeof targetPort === 'string') === true;

/** Which endpoints a Service has. */
export const endpoints: readonly Fault[] = [
  {
    name: 'refused-connection-is-internal',
    title: 'Calls to an endpoint that refuses connections end with INTERNAL.',
    clauses: ['grpc-unreachable-unavailable'],
    layers,
    hooks: () =>
      onResponses(`local message = handle:headers():get("grpc-message") or ""
  if string.find(message, "upstream connect error", 1, true) ~= nil then
    handle:headers():replace("grpc-status", "13")
  end`),
  },
  {
    name: 'broken-call-ends-well',
    title: 'A call whose backend dies before it has answered ends as if it had.',
    clauses: ['grpc-broken-call-fails'],
    layers: ['trailers', ...layers],
    hooks: () =>
      onResponses(`local message = handle:headers():get("grpc-message") or ""
  if string.find(message, "reset before headers", 1, true) ~= nil then
    handle:headers():replace("grpc-status", "0")
  end`),
  },
  {
    name: 'unready-beside-ready-served',
    title: 'Endpoints that are not ready get calls as long as others of their Service are.',
    clauses: ['backend-service-forwarding'],
    layers,
    hooks: () =>
      onEndpoints((list) =>
        list.some(isReady) ? list.map((each) => ({ ...each, conditions: { ready: true } })) : list,
      ),
  },
  {
    name: 'terminating-beside-ready-served',
    title: 'Endpoints that still serve while they terminate get calls as long as others are ready.',
    clauses: ['backend-service-forwarding'],
    layers,
    hooks: () =>
      onEndpoints((list) =>
        list.map((each) =>
          each.conditions?.serving === true ? { ...each, conditions: { ready: true } } : each,
        ),
      ),
  },
  {
    name: 'only-first-endpoint-slice',
    title: 'Of several EndpointSlices of a Service only the first counts.',
    clauses: ['backend-service-forwarding'],
    layers,
    hooks: () => ({
      input: (input) => {
        const seen = new Set<string>();
        const sorted = input.objects.endpointSlices.toSorted((left, right) =>
          left.metadata.name < right.metadata.name ? -1 : 1,
        );
        const endpointSlices = sorted.filter((slice) => {
          const isFirst = !seen.has(serviceOf(slice));
          seen.add(serviceOf(slice));
          return isFirst;
        });
        return { ...input, objects: { ...input.objects, endpointSlices } };
      },
    }),
  },
  {
    name: 'unknown-readiness-unserved',
    title: 'Endpoints that do not say whether they are ready get no calls.',
    clauses: ['backend-service-forwarding'],
    layers,
    hooks: () => onEndpoints((list) => list.filter(({ conditions }) => conditions?.ready !== undefined)),
  },
  {
    name: 'nameless-port-without-endpoints',
    title: 'A Service port without a name has no endpoints.',
    clauses: ['backend-service-types', 'backend-service-forwarding'],
    layers,
    hooks: () => ({
      input: onObjects('endpointSlices', (slice) => ({
        ...slice,
        ports: (slice.ports ?? []).filter(({ name = '' }) => name !== ''),
      })),
    }),
  },
  {
    name: 'named-target-port-unknown',
    title: 'A Service whose targetPort is a name has no endpoints.',
    clauses: ['backend-port-is-service-port'],
    layers,
    hooks: () => ({
      input: (input) => {
        const named = new Set(
          input.objects.services
            .filter(hasNamedTarget)
            .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
        );
        const endpointSlices = input.objects.endpointSlices.filter((slice) => !named.has(serviceOf(slice)));
        return { ...input, objects: { ...input.objects, endpointSlices } };
      },
    }),
  },
];
