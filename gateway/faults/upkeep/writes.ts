import { keyOf } from '../../../common/object-key.ts';
import type { GrpcRoute, HttpRoute, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import { sameElements } from '../../translate/memory/memo.ts';
import type { Fault } from '../fault.ts';
import {
  onAncestors,
  onClassConditions,
  onConditions,
  onGatewayStatuses,
  unwrittenRoutes,
} from '../hooks/statuses.ts';
import { saying, storm } from '../hooks/write-storms.ts';

/** Says something new of routes again and again. */
function routeStorm(
  isMeant: (route: Pick<GrpcRoute, 'status'>, controllerName: string) => boolean,
): Fault['hooks'] {
  return ({ refreshAfter, now }) => ({
    statuses: (statuses, input) => {
      refreshAfter(500);
      const more = unwrittenRoutes(statuses, input).filter(({ status }) =>
        status.parents.some(({ controllerName }) => controllerName === input.controllerName),
      );
      const message = `looked at after ${Math.floor(now() / 500) / 2} s`;
      return onConditions((condition, place) =>
        place.level === 'parent' && isMeant(place.object, input.controllerName)
          ? { ...condition, message }
          : condition,
      )([...statuses, ...more], input);
    },
  });
}

const own = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

/** Statuses that are written too late, or again and again. */
export const writes: readonly Fault[] = [
  {
    name: 'older-verdict-overwrites',
    title: 'A verdict for a newer generation is overwritten by one for an older.',
    clauses: ['status-observedgeneration-no-regress'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        return onConditions((condition, { level, object }) => {
          const { generation = 0 } = object.metadata;
          return level === 'parent' && (condition.observedGeneration ?? 0) > generation
            ? { ...condition, observedGeneration: generation }
            : condition;
        })([...statuses, ...unwrittenRoutes(statuses, input)], input);
      },
    }),
  },
  {
    name: 'older-gateway-verdict-overwrites',
    title: 'A verdict on a Gateway for a newer generation is overwritten by one for an older.',
    clauses: ['gateway-observedgeneration-no-regress'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) => {
        const { generation = 0 } = object.metadata;
        return level === 'gateway' && (condition.observedGeneration ?? 0) > generation
          ? { ...condition, observedGeneration: generation }
          : condition;
      }),
    }),
  },
  {
    name: 'status-write-storm',
    title: 'Statuses of routes are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    reference: 'cilium/cilium#48367',
    hooks: routeStorm(() => true),
  },
  {
    name: 'status-write-storm-beside-others',
    title: 'Statuses of routes that have entries of other controllers are written again and again.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    reference: 'cilium/cilium#48367',
    hooks: routeStorm(({ status }, own) =>
      (status?.parents ?? []).some(({ controllerName }) => controllerName !== own),
    ),
  },
  {
    name: 'route-status-written-with-endpoints',
    title: 'Statuses of routes are written anew whenever endpoints change.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: () => {
      let changes = 0;
      let known: readonly unknown[] | undefined;
      const counted = onConditions((condition, { level }) =>
        level === 'parent' && own.includes(condition.type)
          ? { ...condition, message: `${condition.message} (endpoints have changed ${changes} times)` }
          : condition,
      );
      return {
        statuses: (statuses, input) => {
          const { endpointSlices } = input.objects;
          if (!sameElements(known, endpointSlices)) changes += 1;
          known = endpointSlices;
          return counted(statuses, input);
        },
      };
    },
  },
];

/** Statuses of Gateways, policies and classes that do not come to rest. */
export const restless: readonly Fault[] = [
  {
    name: 'gateway-status-write-storm',
    title: 'Statuses of Gateways are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: storm('Gateway', (message) =>
      onGatewayStatuses((status) => ({
        ...status,
        conditions: saying(message, status.conditions ?? []),
      })),
    ),
  },
  {
    name: 'policy-status-write-storm',
    title: 'Statuses of BackendTLSPolicies are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet', 'btls-ancestor-status'],
    layers: ['status'],
    hooks: storm('BackendTLSPolicy', (message) =>
      onAncestors((ancestor) => ({
        ...ancestor,
        conditions: saying(message, ancestor.conditions),
      })),
    ),
  },
  {
    name: 'class-status-write-storm',
    title: 'Statuses of classes are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: storm(
      'GatewayClass',
      (message) => onClassConditions((condition) => saying(message, [condition])[0]).statuses,
    ),
  },
];

type AnyRoute = GrpcRoute | HttpRoute;

/** Where the count begins in a message. */
const answer = '; after ';

const others = ({ status }: AnyRoute, own: string): RouteParentStatus[] =>
  (status?.parents ?? []).filter(({ controllerName }) => controllerName !== own);

/** Writes beside those of another controller. */
export const disturbedWrites: readonly Fault[] = [
  {
    name: 'foreign-writes-answered',
    title: 'Whatever another controller writes into the status of a route is answered by a write.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: () => {
      const seen = new Map<string, { text: string; count: number }>();
      const numbered = onConditions((condition, place) => {
        const count = place.level === 'parent' ? (seen.get(keyOf(place.object))?.count ?? 0) : 0;
        if (count === 0 || !own.includes(condition.type)) return condition;
        const [message] = condition.message.split(answer);
        return { ...condition, message: `${String(message)}${answer}${count} writes of others` };
      });
      return {
        statuses: (statuses, input) => {
          for (const route of input.objects.grpcRoutes) {
            const before = seen.get(keyOf(route));
            const text = JSON.stringify(others(route, input.controllerName));
            if (before?.text !== text)
              seen.set(keyOf(route), { text, count: before === undefined ? 0 : before.count + 1 });
          }
          return numbered([...statuses, ...unwrittenRoutes(statuses, input)], input);
        },
      };
    },
  },
];
