import { keyOf } from '../../../common/object-key.ts';
import type { Service } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { serviceOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

type Ports = NonNullable<NonNullable<Service['spec']>['ports']>;

const withPorts = (service: Service, ports: Ports): Service => ({
  ...service,
  spec: { ...service.spec, ports },
});

/** Services that change in a part, and EndpointSlices that are older than theirs. */
export const laterServices: readonly Fault[] = [
  {
    name: 'lost-app-protocol-kept',
    title:
      'A Service port that declares no protocol any more is taken for one of the protocol that it declared.',
    clauses: ['backend-appprotocol-honoured', 'backend-appprotocol-absent-inferred'],
    layers,
    hooks: () =>
      besideEarlier<'services', Map<string, string>>('services', (service, known = new Map()) => {
        const ports = (service.spec?.ports ?? []).map((port) => {
          const name = port.name ?? '';
          const appProtocol = port.appProtocol ?? known.get(name);
          if (appProtocol === undefined) return port;
          known.set(name, appProtocol);
          return { ...port, appProtocol };
        });
        return { edited: withPorts(service, ports), keep: known };
      }),
  },
  {
    name: 'exchanged-service-ports-unnoticed',
    title:
      'Where two ports of a Service exchange their numbers, each number leads to the port that had it first.',
    clauses: ['backend-port-is-service-port', 'backend-endpoints-follow'],
    layers,
    hooks: () =>
      besideEarlier<'services', Map<string, string>>('services', (service, known = new Map()) => {
        const written = service.spec?.ports ?? [];
        const ports = written.map((port) => {
          const number = `${port.port}/${port.protocol ?? 'TCP'}`;
          const had = known.get(number);
          const name = had !== undefined && written.some((each) => each.name === had) ? had : port.name;
          if (name === undefined) return port;
          known.set(number, name);
          return { ...port, name };
        });
        return { edited: withPorts(service, ports), keep: known };
      }),
  },
  {
    name: 'service-of-another-type-lost',
    title: 'A Service that is turned into one of type NodePort is taken for missing.',
    clauses: ['backend-service-types', 'backend-service-forwarding'],
    layers,
    hooks: () =>
      besideFirst('services', (now, first) =>
        (now.spec?.type ?? 'ClusterIP') === (first.spec?.type ?? 'ClusterIP') ? now : undefined,
      ),
  },
  {
    name: 'older-slices-unused',
    title: 'An EndpointSlice that was there before its Service is not looked at.',
    clauses: ['backend-endpoints-follow', 'backend-recovers'],
    layers,
    hooks: () => {
      const missed = new Map<string, object>();
      return {
        input: (input) => {
          const there = new Set(input.objects.services.map(keyOf));
          const endpointSlices = input.objects.endpointSlices.filter((slice) => {
            if (!there.has(serviceOf(slice))) missed.set(keyOf(slice), slice);
            return missed.get(keyOf(slice)) !== slice;
          });
          return { ...input, objects: { ...input.objects, endpointSlices } };
        },
      };
    },
  },
];
