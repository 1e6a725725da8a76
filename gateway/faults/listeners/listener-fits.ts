import type {
  Condition,
  Gateway,
  GrpcRoute,
  Listener,
  ParentRef,
} from '../../translate/model/gateway-api.ts';
import {
  compareSpecificity,
  covers,
  intersect,
  isWildcard,
  normalHostname,
  routeHostnames,
} from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { gatewayOf, mapListeners, onGrpcRoutesWith, onObjects, withParents } from '../hooks/objects.ts';
import { onConditions, onRouteStatuses } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const listenersOf = ({ spec }: Gateway): Listener[] => spec.listeners ?? [];

const takesGrpcRoutes = ({ allowedRoutes }: Listener): boolean =>
  allowedRoutes?.kinds?.some(({ kind }) => kind === 'GRPCRoute') ?? true;

function alsoTaking({ allowedRoutes = {}, ...listener }: Listener): Listener {
  const kinds = [...(allowedRoutes.kinds ?? []), { kind: 'GRPCRoute' }];
  return { ...listener, allowedRoutes: { ...allowedRoutes, kinds } };
}

/** In place of a parentRef without a listener, one for the first listener of each port that the route shares a hostname with. */
function firstOfEachPort(ref: ParentRef, route: GrpcRoute, gateway: Gateway): ParentRef[] {
  const names = routeHostnames(route.spec.hostnames);
  const fitting = listenersOf(gateway).filter(({ hostname }) =>
    names.some((name) => intersect(name, normalHostname(hostname)) !== undefined),
  );
  const ports = new Set(fitting.map(({ port }) => port));
  return [...ports].flatMap((each) => {
    const first = fitting.find(({ port }) => port === each);
    return first === undefined ? [] : { ...ref, sectionName: first.name };
  });
}

/** What a route on a wildcard listener names in full is its own, though a narrower wildcard listener of the port has it. */
function takingFromNarrower(protocol: string): FaultHooks {
  return unseen(
    onGrpcRoutesWith((route, { objects }) => {
      const { parentRefs: refs = [], hostnames } = route.spec;
      const exact = routeHostnames(hostnames).filter((hostname) => !isWildcard(hostname));
      const more = refs.flatMap((ref): ParentRef[] => {
        const gateway = gatewayOf(ref, route, objects);
        const listeners = gateway === undefined ? [] : listenersOf(gateway);
        const named = listeners.find(({ name }) => name === ref.sectionName);
        const wide = normalHostname(named?.hostname);
        if (named?.protocol !== protocol || !isWildcard(wide)) return [];
        const narrower = listeners.filter(({ port, hostname }) => {
          const narrow = normalHostname(hostname);
          return (
            port === named.port &&
            isWildcard(narrow) &&
            compareSpecificity(narrow, wide) < 0 &&
            exact.some((each) => covers(narrow, each))
          );
        });
        return narrower.map(({ name }) => ({ ...ref, sectionName: name }));
      });
      return more.length === 0
        ? route
        : { ...route, spec: { ...route.spec, parentRefs: [...refs, ...more] } };
    }),
  );
}

const isUnmatched = ({ reason }: Condition): boolean => reason === 'NoMatchingListenerHostname';

/** Routes that fit some of the listeners that they name and not others. */
export const listenerFits: readonly Fault[] = [
  {
    name: 'kind-refused-and-served',
    title:
      'A route that one listener of its Gateway takes is also served by those that do not allow its kind.',
    clauses: ['parentref-kind-not-allowed', 'parentref-partial-listener-acceptance'],
    layers: ['routed', 'connect'],
    reference: 'cilium/cilium#46359',
    hooks: () => {
      const withoutRefused = onGrpcRoutesWith((route, input) =>
        withParents(route, (ref) => {
          const gateway = gatewayOf(ref, route, input.objects);
          const named = gateway && listenersOf(gateway).find(({ name }) => name === ref.sectionName);
          return named === undefined || takesGrpcRoutes(named);
        }),
      );
      const widened = onObjects('gateways', (gateway) => {
        return mapListeners(gateway, (listener) =>
          takesGrpcRoutes(listener) ? listener : alsoTaking(listener),
        );
      });
      return unseen((input) => widened(withoutRefused(input)));
    },
  },
  {
    name: 'host-of-narrower-wildcard-taken',
    title:
      'A route on a listener with a wildcard takes the calls of a narrower wildcard listener of its port whose host it names in full.',
    clauses: [
      'listener-isolation',
      'listener-isolation-no-fallback',
      'listener-hostname-most-specific',
      'listener-hostname-longer-wildcard',
    ],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#9895',
    hooks: () => takingFromNarrower('HTTP'),
  },
  {
    name: 'host-of-narrower-wildcard-taken-over-tls',
    title:
      'A route on an HTTPS listener with a wildcard takes the calls of a narrower one of its port whose host it names in full.',
    clauses: ['listener-isolation', 'listener-hostname-most-specific'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#9895',
    hooks: () => takingFromNarrower('HTTPS'),
  },
  {
    name: 'first-listener-of-port-only',
    title: 'Of the listeners of one port that a route without a sectionName fits, only the first serves it.',
    clauses: ['parentref-sectionname-omitted-all-listeners'],
    layers: ['routed'],
    reference: 'cilium/cilium#43802',
    hooks: () =>
      unseen(
        onGrpcRoutesWith((route, input) => {
          const parentRefs = (route.spec.parentRefs ?? []).flatMap((ref) => {
            const gateway = gatewayOf(ref, route, input.objects);
            return gateway === undefined || ref.sectionName !== undefined || ref.port !== undefined
              ? ref
              : firstOfEachPort(ref, route, gateway);
          });
          return { ...route, spec: { ...route.spec, parentRefs } };
        }),
      ),
  },
  {
    name: 'unmatched-hostname-refuses-all-parents',
    title: 'A route that has no hostname in common with one of its parents is refused by all of them.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-sections-same-gateway'],
    layers: ['status'],
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4499',
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }) => {
        const unmatched = parents.flatMap(({ conditions = [] }) => conditions).find(isUnmatched);
        return {
          parents: parents.map((parent) => ({
            ...parent,
            conditions: (parent.conditions ?? []).map((each) =>
              each.type === 'Accepted' && unmatched !== undefined ? unmatched : each,
            ),
          })),
        };
      }),
    }),
  },
  {
    name: 'unsupported-protocol-takes-port',
    title: 'A listener of a protocol that is not supported keeps others on its port from being accepted.',
    clauses: ['listener-unsupported-protocol'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level !== 'listener' || !/^(Accepted|Programmed)$/.test(condition.type)) return condition;
        const all = listenersOf(place.object);
        const port = all.find(({ name }) => name === place.listener)?.port;
        const isTaken = all.some((each) => each.port === port && /^(TCP|UDP)$/.test(each.protocol));
        return isTaken && condition.status === 'True'
          ? { ...condition, status: 'False', reason: 'PortUnavailable', message: `port ${port} is taken` }
          : condition;
      }),
    }),
  },
];
