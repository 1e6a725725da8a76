import type { Gateway, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { onObjects } from '../hooks/objects.ts';
import { onConditions, onRouteStatuses } from '../hooks/statuses.ts';

const isDefault = ({ spec }: Gateway): boolean => spec.defaultScope === 'All';

const own: readonly Omit<Fault, 'channel'>[] = [
  {
    name: 'every-gateway-is-default',
    title: 'A Gateway without a default scope takes routes that ask for default Gateways.',
    clauses: ['parentref-default-gateway-unset-not-claimed'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => ({
        ...gateway,
        spec: { ...gateway.spec, defaultScope: 'All' },
      })),
    }),
  },
  {
    name: 'default-gateways-take-all',
    title:
      'A default Gateway takes every route without parentRefs, also one that asks for no default Gateway.',
    clauses: ['parentref-default-gateway-claimed'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        route.spec.parentRefs === undefined
          ? { ...route, spec: { ...route.spec, useDefaultGateways: 'All' } }
          : route,
      ),
    }),
  },
  {
    name: 'default-gateways-take-foreign-routes',
    title: 'A default Gateway takes routes of namespaces that its listeners do not allow.',
    clauses: ['parentref-default-gateway-allowedroutes'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        if (!isDefault(gateway)) return gateway;
        const allowedRoutes = { namespaces: { from: 'All' } };
        const listeners = (gateway.spec.listeners ?? []).map((listener) => ({ ...listener, allowedRoutes }));
        return { ...gateway, spec: { ...gateway.spec, listeners } };
      }),
    }),
  },
  {
    name: 'one-default-gateway-only',
    title: 'Of several default Gateways only the first one takes routes.',
    clauses: ['parentref-default-gateway-all-claim'],
    layers: ['status'],
    hooks: () => ({ input: firstDefaultOnly }),
  },
  {
    name: 'default-gateway-unannounced',
    title: 'A default Gateway takes routes and does not say that it is one.',
    clauses: ['parentref-default-gateway-condition'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) => (condition.type === 'DefaultGateway' ? undefined : condition)),
    }),
  },
  {
    name: 'deleted-default-gateway-kept',
    title: 'A route keeps its entry for a default Gateway that is deleted.',
    clauses: ['parentref-default-gateway-deleted'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, input) => {
        const kept = (route.status?.parents ?? []).filter(
          (entry) => !isThere(entry, input) && !status.parents.some((each) => names(each, entry)),
        );
        return route.spec.useDefaultGateways === 'All' ? { parents: [...status.parents, ...kept] } : status;
      }),
    }),
  },
];

/** In each namespace, by name. */
function firstDefaultOnly(input: TranslateInput): TranslateInput {
  const seen = new Set<string>();
  const sorted = input.objects.gateways.toSorted((left, right) =>
    left.metadata.name < right.metadata.name ? -1 : 1,
  );
  const gateways = sorted.map((gateway) => {
    const { namespace = '' } = gateway.metadata;
    if (!isDefault(gateway)) return gateway;
    if (!seen.has(namespace)) {
      seen.add(namespace);
      return gateway;
    }
    return { ...gateway, spec: { ...gateway.spec, defaultScope: 'None' } };
  });
  return { ...input, objects: { ...input.objects, gateways } };
}

function names(left: RouteParentStatus, right: RouteParentStatus): boolean {
  return (
    left.parentRef.name === right.parentRef.name && left.parentRef.namespace === right.parentRef.namespace
  );
}

function isThere({ parentRef }: RouteParentStatus, { objects }: TranslateInput): boolean {
  return objects.gateways.some(
    ({ metadata }) => metadata.name === parentRef.name && metadata.namespace === parentRef.namespace,
  );
}

/** Default Gateways, which only the experimental channel has. */
export const defaultGateways: readonly Fault[] = own.map((fault) => ({ ...fault, channel: 'experimental' }));

/** Default Gateways, and routes for them, that become so later. */
export const laterDefaultGateways: readonly Fault[] = [
  {
    name: 'default-scope-edit-unnoticed',
    title: 'A Gateway that is edited to be a default one, or none any more, stays what it was.',
    clauses: ['parentref-default-gateway-claimed', 'parentref-default-gateway-unset-not-claimed'],
    layers: ['status', 'routed'],
    channel: 'experimental',
    hooks: () =>
      besideFirst('gateways', ({ spec: { defaultScope: _now, ...spec }, ...now }, first) => {
        const { defaultScope } = first.spec;
        return { ...now, spec: { ...spec, ...(defaultScope !== undefined && { defaultScope }) } };
      }),
  },
  {
    name: 'default-wish-edit-unnoticed',
    title: 'A route that is edited to ask for default Gateways, or not to, stays with what it asked first.',
    clauses: ['parentref-default-gateway-claimed', 'grpcroute-update-takes-effect'],
    layers: ['status', 'routed'],
    channel: 'experimental',
    hooks: () =>
      besideFirst('grpcRoutes', ({ spec: { useDefaultGateways: _now, ...spec }, ...now }, first) => {
        const { useDefaultGateways } = first.spec;
        return { ...now, spec: { ...spec, ...(useDefaultGateways !== undefined && { useDefaultGateways }) } };
      }),
  },
];
