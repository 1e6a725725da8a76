import { keyOf } from '../../../common/object-key.ts';
import type { RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { mapListeners, namesGateway } from '../hooks/objects.ts';
import { onParents } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend', 'connect'];

const keysOf = (routes: TranslateInput['objects']['httpRoutes' | 'grpcRoutes']): Set<string> =>
  new Set(routes.map((route) => keyOf(route)));

/** GRPCRoutes and HTTPRoutes that are told apart by name alone. */
export const routeKinds: readonly Fault[] = [
  {
    name: 'http-route-hides-namesake',
    title: 'Of a GRPCRoute and an HTTPRoute of one name only the HTTPRoute is looked at.',
    clauses: ['listener-kinds-grpcroute-accepted'],
    layers,
    hooks: () => ({
      input: (input) => {
        const names = keysOf(input.objects.httpRoutes);
        const grpcRoutes = input.objects.grpcRoutes.filter((route) => !names.has(keyOf(route)));
        return { ...input, objects: { ...input.objects, grpcRoutes } };
      },
    }),
  },
  {
    name: 'deleted-http-route-takes-namesake',
    title: 'The deletion of an HTTPRoute takes the GRPCRoute of its name down.',
    clauses: ['grpcroute-delete-stops-traffic', 'listener-kinds-grpcroute-accepted'],
    layers,
    hooks: () => {
      const had = new Set<string>();
      return {
        input: (input) => {
          const now = keysOf(input.objects.httpRoutes);
          for (const key of now) had.add(key);
          const isGone = (key: string): boolean => had.has(key) && !now.has(key);
          const grpcRoutes = input.objects.grpcRoutes.filter((route) => !isGone(keyOf(route)));
          return { ...input, objects: { ...input.objects, grpcRoutes } };
        },
      };
    },
  },
  {
    name: 'namesakes-share-a-verdict',
    title: 'A GRPCRoute and an HTTPRoute of one name with one parent have the verdict of the GRPCRoute both.',
    clauses: ['parentref-kind-not-allowed', 'status-notallowedbylisteners'],
    layers,
    hooks: () => ({
      statuses: onParents((parent, route, { objects, controllerName }) => {
        const namesake = objects.grpcRoutes.find((other) => keyOf(other) === keyOf(route));
        if (namesake === undefined || (namesake as object) === route) return parent;
        const isSame = ({ parentRef, ...entry }: RouteParentStatus): boolean =>
          entry.controllerName === controllerName && parentRef.name === parent.parentRef.name;
        const other = namesake.status?.parents.find(isSame);
        return other?.conditions === undefined ? parent : { ...parent, conditions: other.conditions };
      }),
    }),
  },
];

export const halfAccepted: readonly Fault[] = [
  {
    name: 'refusing-gateway-serves-too',
    title: 'A route that one of its two Gateways refuses for its hostnames is served by that one as well.',
    clauses: ['parentref-multiple-gateways-independent'],
    layers,
    hooks: () =>
      unseen((input) => {
        const { gateways, grpcRoutes } = input.objects;
        const shared = gateways.filter((gateway) =>
          grpcRoutes.some(
            (route) =>
              namesGateway(route, gateway) &&
              gateways.some((other) => other !== gateway && namesGateway(route, other)),
          ),
        );
        const open = gateways.map((gateway) =>
          shared.includes(gateway)
            ? mapListeners(gateway, ({ hostname: _hostname, ...listener }) => listener)
            : gateway,
        );
        return { ...input, objects: { ...input.objects, gateways: open } };
      }),
  },
];
