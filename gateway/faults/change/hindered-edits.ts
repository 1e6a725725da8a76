import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Gateway, GrpcRoute, Secret } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { remembered } from '../hooks/memo.ts';
import { namesGateway, onGrpcRoutesWith } from '../hooks/objects.ts';

const keysOf = remembered((secrets: readonly Secret[]) => new Set(secrets.map(keyOf)));

function missesSecret({ metadata, spec }: Gateway, secrets: ReadonlySet<string>): boolean {
  return (spec.listeners ?? []).some(({ tls }) =>
    (tls?.certificateRefs ?? []).some(
      ({ kind = 'Secret', namespace = metadata.namespace, name }) =>
        kind === 'Secret' && !secrets.has(objectKey(namespace, name)),
    ),
  );
}

/** Edits that are followed, but not as long as something else is amiss. */
export const hinderedEdits: readonly Fault[] = [
  {
    name: 'edits-wait-for-missing-certificate',
    title: 'As long as a listener of its Gateway misses its certificate, no edit of a route is followed.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    reference: 'cilium/cilium#34982',
    hooks: () => {
      const followed = new Map<string, GrpcRoute['spec']>();
      return {
        input: onGrpcRoutesWith((route, { objects: { gateways, secrets } }) => {
          const id = `${keyOf(route)} ${String(route.metadata.creationTimestamp)}`;
          const parents = gateways.filter((gateway) => namesGateway(route, gateway));
          const isHindered = parents.some((gateway) => missesSecret(gateway, keysOf(secrets)));
          const spec = isHindered ? (followed.get(id) ?? route.spec) : route.spec;
          followed.set(id, spec);
          return spec === route.spec ? route : { ...route, spec };
        }),
      };
    },
  },
];
