import { keyOf } from '../../../common/object-key.ts';
import type { GatewayClass, GrpcRoute } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { onRouteStatuses } from '../hooks/statuses.ts';

/** What was refused, or taken away, and is well again. */
export const mended: readonly Fault[] = [
  {
    name: 'mended-class-stays-refused',
    title:
      'A class whose parameters cannot be used is refused for good, also when it is edited to have none.',
    clauses: ['class-accepted-decided', 'class-accepted-true', 'class-observedgeneration-current'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const once = new Map<string, NonNullable<GatewayClass['spec']['parametersRef']>>();
      return {
        input: onObjects('gatewayClasses', (gatewayClass) => {
          const id = `${keyOf(gatewayClass)} ${uidOf(gatewayClass)}`;
          const parametersRef = gatewayClass.spec.parametersRef ?? once.get(id);
          if (parametersRef === undefined) return gatewayClass;
          once.set(id, parametersRef);
          return { ...gatewayClass, spec: { ...gatewayClass.spec, parametersRef } };
        }),
      };
    },
  },
  {
    name: 'mended-gateway-stays-refused',
    title:
      'A Gateway whose parameters cannot be used is refused for good, also when it is edited to have none.',
    clauses: ['gateway-accepted-true', 'gateway-parametersref-invalid', 'gateway-programmed-true'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const once = new Map<string, { group: string; kind: string; name: string }>();
      return {
        input: onObjects('gateways', (gateway) => {
          const id = `${keyOf(gateway)} ${uidOf(gateway)}`;
          const parametersRef = gateway.spec.infrastructure?.parametersRef ?? once.get(id);
          if (parametersRef === undefined) return gateway;
          once.set(id, parametersRef);
          const infrastructure = { ...gateway.spec.infrastructure, parametersRef };
          return { ...gateway, spec: { ...gateway.spec, infrastructure } };
        }),
      };
    },
  },
  {
    name: 'removed-entry-not-restored',
    title:
      'An entry of ours that somebody else removed from a route is not written again until the route is edited.',
    clauses: ['status-entry-restored'],
    layers: ['status'],
    hooks: () => {
      const written = new Set<string>();
      const idOf = (route: object): string => {
        const { metadata } = route as GrpcRoute;
        return `${uidOf({ metadata })} ${metadata.generation}`;
      };
      return {
        statuses: (statuses, input) => {
          const isOurs = (route: GrpcRoute): boolean =>
            (route.status?.parents ?? []).some(
              ({ controllerName }) => controllerName === input.controllerName,
            );
          for (const route of input.objects.grpcRoutes) if (isOurs(route)) written.add(idOf(route));
          return onRouteStatuses((status, route) =>
            written.has(idOf(route)) && !isOurs(route as GrpcRoute) ? undefined : status,
          )(statuses, input);
        },
      };
    },
  },
];
