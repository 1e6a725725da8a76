import type { IrBackend, IrRoute } from '../../ir/ir.ts';
import type { XdsResource } from '../../xds/resource.ts';
import type { Fault } from '../fault.ts';
import { onForwards, onGrpcRoutes, placeInRoute } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';
import { onLaterHostnames, underWildcards } from '../hooks/places.ts';
import { editedAny, listOf, onConnectionManagers, onRouteActions } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const shareHeader = 'x-routeproof-share';

/** A header with the port of the client: it is the same for every call of a connection. */
const withClientPort = onConnectionManagers((manager) => {
  for (const extension of listOf(manager['early_header_mutation_extensions'])) {
    extension['typed_config'] = editedAny(extension['typed_config'] as never, (config) => {
      const header = { key: shareHeader, value: '%DOWNSTREAM_DIRECT_REMOTE_PORT%' };
      const append = { header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
      config['mutations'] = [...listOf(config['mutations']), { append }];
    });
  }
});

const sharedByClientPort = onRouteActions((action) => {
  const clusters = action['weighted_clusters'] as Message | undefined;
  if (clusters !== undefined) clusters['header_name'] = shareHeader;
});

/** What is decided once for a connection, where each call is on its own. */
export const connectionShares: readonly Fault[] = [
  {
    name: 'shares-of-connections',
    title: 'Weights share out connections: all calls of one go to the same backend.',
    clauses: ['weight-calls-not-connections', 'weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      xds: (resource: XdsResource) => sharedByClientPort(withClientPort(resource)),
    }),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** All calls to the first backend. */
const firstTakesAll = (route: IrRoute): IrRoute =>
  route.action.type === 'forward'
    ? { ...route, action: { ...route.action, backends: route.action.backends.slice(0, 1) } }
    : route;

/** Weights that hold for a part of the calls only. */
export const weightReach: readonly Fault[] = [
  {
    name: 'weights-of-later-hostnames-ignored',
    title: 'Calls to the second hostname of a route all go to the first backend of their rule.',
    clauses: ['weight-proportional', 'hostname-entries-ored'],
    layers,
    hooks: () => onLaterHostnames(firstTakesAll),
  },
  {
    name: 'weights-of-later-matches-ignored',
    title: 'Calls that the second match of a rule takes all go to its first backend.',
    clauses: ['weight-proportional', 'match-any-of-matches'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => (placeInRoute(route).match === 0 ? route : firstTakesAll(route))),
    }),
  },
  {
    name: 'small-shares-lost',
    title: 'A backend whose share is less than two percent gets no calls.',
    clauses: ['weight-proportional'],
    layers,
    hooks: () => ({
      ir: onForwards((action) => {
        const sum = action.backends.reduce((total, { weight }) => total + weight, 0);
        const isLarge = ({ weight }: IrBackend): boolean => weight / sum >= 0.02;
        return action.backends.every(isLarge)
          ? action
          : { ...action, backends: action.backends.filter(isLarge) };
      }),
    }),
  },
  {
    name: 'lone-zero-weight-served',
    title: 'The only backend of a rule gets its calls although its weight is 0.',
    clauses: ['weight-zero-no-traffic', 'weight-all-zero'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => ({
        ...route,
        spec: {
          ...route.spec,
          rules: (route.spec.rules ?? []).map((rule) => {
            const [only, ...others] = rule.backendRefs ?? [];
            return only === undefined || others.length > 0 || only.weight !== 0
              ? rule
              : { ...rule, backendRefs: [{ ...only, weight: 1 }] };
          }),
        },
      })),
    }),
  },
];

/** Weights under a wildcard hostname. */
export const weightsUnderWildcards: readonly Fault[] = [
  {
    name: 'weights-ignored-under-wildcards',
    title: 'All backends of a rule get the same share under a wildcard hostname.',
    clauses: ['weight-proportional', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () =>
      underWildcards((route) => {
        const { action } = route;
        if (action.type !== 'forward') return route;
        const backends = action.backends.map((backend) => ({ ...backend, weight: 1 }));
        return { ...route, action: { ...action, backends } };
      }),
  },
];
