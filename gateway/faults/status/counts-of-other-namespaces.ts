import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, GrpcRoute } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onListenerStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

/** Whether the route names that listener, and is accepted by it. */
function isAccepted(route: GrpcRoute, gateway: Gateway, listener: string, controllerName: string): boolean {
  return (route.status?.parents ?? []).some(
    ({ controllerName: by, parentRef: { name, namespace, sectionName }, conditions = [] }) =>
      by === controllerName &&
      name === gateway.metadata.name &&
      (namespace ?? route.metadata.namespace) === gateway.metadata.namespace &&
      sectionName === listener &&
      conditions.some(({ type, status }) => type === 'Accepted' && status === 'True'),
  );
}

/** Counts more or fewer routes of a listener. */
function counting(
  more: (listener: string, gateway: Gateway, input: TranslateInput) => number,
): Required<Pick<FaultHooks, 'statuses'>> {
  return {
    statuses: onListenerStatuses((listener, gateway, input) => ({
      ...listener,
      attachedRoutes: listener.attachedRoutes + more(listener.name, gateway, input),
    })),
  };
}

/** Routes of other namespaces than the Gateway's, and how many they are. */
export const countsOfOtherNamespaces: readonly Fault[] = [
  {
    name: 'namesakes-of-two-namespaces-counted-once',
    title: 'Routes of one name and several namespaces count as one in attachedRoutes.',
    clauses: ['listener-attachedroutes-count'],
    layers,
    hooks: () =>
      counting((listener, gateway, { objects, controllerName }) => {
        const names = objects.grpcRoutes
          .filter((route) => isAccepted(route, gateway, listener, controllerName))
          .map(({ metadata }) => metadata.name);
        return new Set(names).size - names.length;
      }),
  },
  {
    name: 'routes-of-deleted-namespace-counted',
    title: 'Routes that go with their namespace stay in attachedRoutes.',
    clauses: ['listener-attachedroutes-decrements'],
    layers,
    hooks: () => {
      const known = new Map<string, GrpcRoute>();
      const { statuses } = counting((listener, gateway, { objects, controllerName }) => {
        const there = new Set(objects.grpcRoutes.map(keyOf));
        const alive = new Set(
          objects.namespaces
            .filter(({ metadata }) => !('deletionTimestamp' in metadata))
            .map(({ metadata }) => metadata.name),
        );
        return [...known.values()].filter(
          (route) =>
            !there.has(keyOf(route)) &&
            !alive.has(route.metadata.namespace ?? '') &&
            isAccepted(route, gateway, listener, controllerName),
        ).length;
      });
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes) known.set(keyOf(route), route);
          return input;
        },
        statuses,
      };
    },
  },
];
