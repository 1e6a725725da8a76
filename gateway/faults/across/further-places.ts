import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists, placeInRoute } from '../hooks/ir.ts';
import type { HostPlace } from '../hooks/ir.ts';
import { isHostless, ofListenerSet, ofNamed, withoutHeaders } from './other-places.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Whether a route is meant, at a place. */
type Meant = (route: IrRoute, place: HostPlace) => boolean;

const written = (route: IrRoute): number => placeInRoute(route).rule * 1000 + placeInRoute(route).match;

function onMeantHosts(edit: (host: IrHost, isMeant: (route: IrRoute) => boolean, id: string) => IrHost) {
  return (meant: Meant): NonNullable<FaultHooks['ir']> =>
    onHostLists((hosts, place) =>
      hosts.map((host) =>
        edit(
          host,
          (route) => route.source.kind === 'GRPCRoute' && meant(route, place),
          `${place.gateway.key} ${place.table.id} ${host.hostname}`,
        ),
      ),
    );
}

/** The first rule in the listing that fits takes the call. */
const inListedOrder = onMeantHosts((host, isMeant) =>
  host.routes.every(isMeant)
    ? { ...host, routes: [...host.routes].sort((left, right) => written(left) - written(right)) }
    : host,
);

const withoutWeights = onMeantHosts((host, isMeant) => ({
  ...host,
  routes: host.routes.map((route) =>
    isMeant(route) && route.action.type === 'forward'
      ? {
          ...route,
          action: {
            ...route.action,
            backends: route.action.backends.map((each) => ({ ...each, weight: 1 })),
          },
        }
      : route,
  ),
}));

const plain = onMeantHosts((host, isMeant) => ({
  ...host,
  routes: host.routes.map((route) => (isMeant(route) ? withoutHeaders(route) : route)),
}));

/** As routes were first. */
const unedited = (meant: Meant): NonNullable<FaultHooks['ir']> => {
  const first = new Map<string, IrRoute>();
  return onMeantHosts((host, isMeant, id) => ({
    ...host,
    routes: host.routes.map((route) => {
      if (!isMeant(route)) return route;
      const kept = first.get(`${id} ${route.name}`) ?? route;
      first.set(`${id} ${route.name}`, kept);
      return kept;
    }),
  }))(meant);
};

const onLaterPort: Meant = (_route, { port, gateway }) =>
  port.protocol === 'HTTP' && port.port !== Math.min(...gateway.ports.map((each) => each.port));

/** At each Gateway that a route names but its first. */
function onLaterGateways(make: (meant: Meant) => NonNullable<FaultHooks['ir']>): FaultHooks {
  const first = new Map<string, string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes) {
        const [ref] = route.spec.parentRefs ?? [];
        if (ref !== undefined)
          first.set(keyOf(route), `${ref.namespace ?? route.metadata.namespace ?? ''}/${ref.name}`);
      }
      return input;
    },
    ir: make(({ source }, { gateway }) => (first.get(source.key) ?? gateway.key) !== gateway.key),
  };
}

/** Routes that are not in full what they are on the first HTTP listener of a Gateway. */
export const furtherPlaces: readonly Fault[] = [
  {
    name: 'order-of-listing-on-later-ports',
    title: 'On every HTTP listener but that of the lowest port the first rule in the listing that fits wins.',
    clauses: ['precedence-not-listing-order'],
    layers,
    hooks: () => ({ ir: inListedOrder(onLaterPort) }),
  },
  {
    name: 'edits-unnoticed-on-later-ports',
    title: 'On every HTTP listener but that of the lowest port a route is served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => ({ ir: unedited(onLaterPort) }),
  },
  {
    name: 'order-of-listing-on-hostless-routes',
    title: 'Of a route without hostnames the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofNamed(isHostless, inListedOrder),
  },
  {
    name: 'weights-ignored-on-hostless-routes',
    title: 'All backends of a rule get the same share where their route has no hostnames.',
    clauses: ['weight-proportional', 'hostname-both-unset-any-authority'],
    layers,
    hooks: () => ofNamed(isHostless, withoutWeights),
  },
  {
    name: 'edits-unnoticed-on-hostless-routes',
    title: 'A route without hostnames is served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => ofNamed(isHostless, unedited),
  },
  {
    name: 'order-of-listing-on-later-gateways',
    title: 'On all Gateways of a route but the first the first rule in the listing that fits takes the call.',
    clauses: ['precedence-not-listing-order', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(inListedOrder),
  },
  {
    name: 'headers-ignored-on-later-gateways',
    title: 'Header matches of a route hold on the first of its Gateways only.',
    clauses: ['header-exact-value', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(plain),
  },
  {
    name: 'weights-ignored-on-later-gateways',
    title: 'Weights of a route hold on the first of its Gateways only.',
    clauses: ['weight-proportional', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => onLaterGateways(withoutWeights),
  },
];

/** The same of routes of ListenerSets. */
export const furtherSetPlaces: readonly Fault[] = [
  {
    name: 'order-of-listing-on-listener-sets',
    title: 'Of a route of a ListenerSet the first rule in the listing that fits takes the call.',
    clauses: ['listenerset-serves-traffic', 'precedence-not-listing-order'],
    layers,
    hooks: () => ofNamed(ofListenerSet, inListedOrder),
  },
  {
    name: 'weights-ignored-on-listener-sets',
    title: 'All backends of a rule get the same share where their route is one of a ListenerSet.',
    clauses: ['listenerset-serves-traffic', 'weight-proportional'],
    layers,
    hooks: () => ofNamed(ofListenerSet, withoutWeights),
  },
];
