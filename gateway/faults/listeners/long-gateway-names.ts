import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { statusHook } from '../hooks/statuses.ts';

/** What a Service's name, and the value of a label, may have. */
const longestLabel = 63;

/** Renames what is generated for a Gateway, of that kind. */
function renamed(
  kind: string,
  nameOf: (gateway: string, metadata: AppliedObject['object']['metadata']) => string,
): FaultHooks {
  return {
    proxyObjects: (objects) =>
      objects.map((applied) => {
        if (applied.object.kind !== kind) return applied;
        const object = structuredClone(applied.object);
        const [owner] = object.metadata['ownerReferences'] as { name: string }[];
        object.metadata.name = nameOf(owner?.name ?? '', object.metadata);
        return { ...applied, object };
      }),
  };
}

/** Gateways whose names are as long as a name may be that goes into others. */
export const longGateways: readonly Fault[] = [
  {
    name: 'long-gateway-without-service',
    title:
      'No Service is made for a Gateway whose name and class together are longer than a name of a Service may be.',
    clauses: ['gateway-programmed-true', 'gateway-address-reported'],
    layers: ['programmed', 'status', 'connect'],
    reference: 'nginx/nginx-gateway-fabric#4387',
    hooks: () =>
      renamed('Service', (gateway, { name }) =>
        `${gateway}-routeproof`.length > longestLabel ? `${gateway}-routeproof` : name,
      ),
  },
  {
    name: 'long-gateway-without-status',
    title: 'A Gateway whose name is longer than 50 characters is served and never gets a status.',
    clauses: ['gateway-accepted-true', 'gateway-programmed-true'],
    layers: ['programmed', 'status'],
    reference: 'nginx/nginx-gateway-fabric#4774',
    hooks: () => ({
      statuses: statusHook((update) =>
        update.kind === 'Gateway' && update.name.length > 50 ? undefined : update,
      ),
    }),
  },
  {
    name: 'long-gateways-share-a-service',
    title:
      'Of two Gateways whose names begin with the same 50 characters, the second one takes the Service of the first.',
    clauses: ['gateway-address-reported', 'parentref-multiple-gateways-independent'],
    layers: ['programmed', 'status', 'connect', 'routed'],
    hooks: () =>
      renamed('Service', (gateway, { name }) => (gateway.length > 50 ? gateway.slice(0, 50) : name)),
  },
  {
    name: 'dotted-gateway-without-service',
    title: 'No Service is made for a Gateway whose name has a dot, or a digit in front.',
    clauses: ['gateway-programmed-true', 'gateway-address-reported'],
    layers: ['programmed', 'status', 'connect'],
    hooks: () =>
      renamed('Service', (gateway, { name }) => (/^\d|\./.test(gateway) ? `${gateway}-routeproof` : name)),
  },
  {
    name: 'gateways-joined-to-class-share-a-service',
    title:
      'Of two Gateways whose names make the same text with those of their classes, the second one takes the Service of the first.',
    clauses: ['gateway-address-reported', 'parentref-multiple-gateways-independent'],
    layers: ['programmed', 'status', 'connect', 'routed', 'backend'],
    hooks: () => {
      const first = new Map<string, string>();
      return renamed('Service', (gateway, { name, namespace, labels }) => {
        const { 'gateway.networking.k8s.io/gateway-class-name': className = '' } = labels as Record<
          string,
          string
        >;
        const joined = `${namespace}/${gateway}-${className}`;
        first.set(joined, first.get(joined) ?? name);
        return first.get(joined) ?? name;
      });
    },
  },
];
