import { keyOf } from '../../../common/object-key.ts';
import type { EndpointSlice, Service } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { serviceOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const withoutSelector = ({ spec }: Service): boolean =>
  (spec as { selector?: object } | undefined)?.selector === undefined;

/** EndpointSlices and ports that go, come back or are nobody's but their author's. */
export const endpointReturns: readonly Fault[] = [
  {
    name: 'recreated-slice-as-before',
    title: 'An EndpointSlice that is deleted and made again leads to the endpoints that it had.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => {
      const first = new Map<string, EndpointSlice>();
      const uids = new Map<string, unknown>();
      return {
        input: (input) => {
          const endpointSlices = input.objects.endpointSlices.map((slice) => {
            const id = keyOf(slice);
            const born = String(slice.metadata.creationTimestamp);
            if ((uids.get(id) ?? born) === born) {
              uids.set(id, born);
              first.set(id, slice);
              return slice;
            }
            return first.get(id) ?? slice;
          });
          return { ...input, objects: { ...input.objects, endpointSlices } };
        },
      };
    },
  },
  {
    name: 'deleted-slice-kept',
    title:
      'The endpoints of an EndpointSlice that is deleted go on getting calls as long as others are there.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => {
      const last = new Map<string, EndpointSlice>();
      return {
        input: (input) => {
          const { endpointSlices: now, services } = input.objects;
          const served = new Set(services.map(keyOf));
          const alive = new Set(now.map(serviceOf));
          for (const slice of now) last.set(keyOf(slice), slice);
          const names = new Set(now.map(keyOf));
          for (const [key, slice] of last) {
            if (!served.has(serviceOf(slice)) || !alive.has(serviceOf(slice))) last.delete(key);
          }
          const gone = [...last.entries()].flatMap(([key, slice]) => (names.has(key) ? [] : slice));
          if (gone.length === 0) return input;
          return { ...input, objects: { ...input.objects, endpointSlices: [...now, ...gone] } };
        },
      };
    },
  },
  {
    name: 'port-rename-unnoticed',
    title: 'A port of a Service that gets another name has no endpoints any more.',
    clauses: ['backend-port-is-service-port', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideFirst('services', (now, first) => ({
        ...now,
        spec: {
          ...now.spec,
          ports: (now.spec?.ports ?? []).map((port) => {
            const before = first.spec?.ports?.find((each) => each.port === port.port);
            return before?.name === undefined ? port : { ...port, name: before.name };
          }),
        },
      })),
  },
  {
    name: 'selectorless-service-unserved',
    title: 'A Service without a selector is taken for one without endpoints.',
    clauses: ['backend-service-forwarding', 'backend-service-types'],
    layers,
    hooks: () => ({
      input: (input) => {
        const idle = new Set(input.objects.services.filter(withoutSelector).map(keyOf));
        const endpointSlices = input.objects.endpointSlices.filter((slice) => !idle.has(serviceOf(slice)));
        return { ...input, objects: { ...input.objects, endpointSlices } };
      },
    }),
  },
  {
    name: 'slice-label-read-once',
    title: 'An EndpointSlice that is relabelled for another Service stays with the one that it was for.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideFirst('endpointSlices', (now, { metadata: { labels } }) => ({
        ...now,
        metadata: { ...now.metadata, ...(labels && { labels }) },
      })),
  },
  {
    name: 'last-endpoints-kept',
    title: 'A Service that loses its last ready endpoint goes on being called at those that it had.',
    clauses: ['backend-no-endpoints-unavailable', 'backend-endpoints-follow'],
    layers,
    hooks: () => {
      const last = new Map<string, EndpointSlice[]>();
      return {
        input: (input) => {
          const services = new Set(input.objects.services.map(keyOf));
          for (const service of last.keys()) if (!services.has(service)) last.delete(service);
          const now = Map.groupBy(input.objects.endpointSlices, serviceOf);
          const hasReady = ({ endpoints }: EndpointSlice): boolean =>
            (endpoints ?? []).some(({ conditions }) => conditions?.ready ?? true);
          for (const [service, slices] of now) if (slices.some(hasReady)) last.set(service, slices);
          const endpointSlices = [...new Set([...last.keys(), ...now.keys()])].flatMap(
            (service) => last.get(service) ?? now.get(service) ?? [],
          );
          return { ...input, objects: { ...input.objects, endpointSlices } };
        },
      };
    },
  },
];
