import { keyOf } from '../../../common/object-key.ts';
import type { Condition, GrpcRoute, ListenerStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, outliving } from '../hooks/first-seen.ts';
import { onEntryStatuses } from '../hooks/listener-sets.ts';
import { remembered } from '../hooks/memo.ts';
import { gatewayOf, namesGateway, onObjectsWith, onRules, uidOf } from '../hooks/objects.ts';
import {
  onConditions,
  onGatewayStatuses,
  onListenerStatuses,
  onParents,
  onRouteStatuses,
} from '../hooks/statuses.ts';
import { countingAs } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

const isFalse = (conditions: readonly Condition[], ...types: string[]): boolean =>
  conditions.some(({ type, status }) => types.includes(type) && status === 'False');

const withoutCountUnlessAccepted = (listener: ListenerStatus): ListenerStatus =>
  isFalse(listener.conditions, 'Accepted') ? { ...listener, attachedRoutes: 0 } : listener;

/** Edits the conditions of all parents of a route but the first. */
const onLaterParents = (
  edit: (conditions: readonly Condition[]) => Condition[],
): ReturnType<typeof onRouteStatuses> =>
  onRouteStatuses((status) => ({
    parents: status.parents.map((parent, index) => ({
      ...parent,
      ...(index > 0 && parent.conditions && { conditions: edit(parent.conditions) }),
    })),
  }));

/** How many entries and routes a status has, and what each says of itself. */
export const counts: readonly Fault[] = [
  {
    name: 'attached-routes-count-parent-refs',
    title: 'A route that reaches a listener by two parentRefs counts twice in attachedRoutes.',
    clauses: ['listener-attachedroutes-route-counted-once'],
    layers,
    reference: 'Kong/kubernetes-ingress-controller#7516',
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, { objects }) => {
        const more = (name: string, port: number | undefined): number =>
          objects.grpcRoutes
            .filter((route) => namesGateway(route, gateway))
            .map(({ metadata, spec }) =>
              (spec.parentRefs ?? []).filter(
                (ref) =>
                  ref.name === gateway.metadata.name &&
                  (ref.namespace ?? metadata.namespace) === gateway.metadata.namespace &&
                  (ref.sectionName ?? name) === name &&
                  (ref.port ?? port) === port,
              ),
            )
            .reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
        return {
          ...status,
          ...(status.listeners && {
            listeners: status.listeners.map((listener) => {
              const port = gateway.spec.listeners?.find(({ name }) => name === listener.name)?.port;
              return {
                ...listener,
                attachedRoutes:
                  listener.attachedRoutes > 0 ? listener.attachedRoutes + more(listener.name, port) : 0,
              };
            }),
          }),
        };
      }),
    }),
  },
  {
    name: 'namesakes-of-two-kinds-counted-once',
    title: 'attachedRoutes counts a GRPCRoute and an HTTPRoute of one name once.',
    clauses: ['listener-attachedroutes-all-kinds', 'listener-attachedroutes-count'],
    layers,
    hooks: () =>
      countingAs({
        input: onObjectsWith('httpRoutes', (route, { objects }) =>
          objects.grpcRoutes.some((other) => keyOf(other) === keyOf(route)) ? undefined : route,
        ),
      }),
  },
  {
    name: 'routes-without-valid-rules-counted',
    title: 'attachedRoutes counts routes that are refused for their rules.',
    clauses: ['listener-attachedroutes-accepted-only'],
    layers,
    hooks: () => countingAs({ input: onRules(() => ({})) }),
  },
  {
    name: 'conflict-losers-counted',
    title: 'attachedRoutes counts routes that lost their hostname to one of another kind.',
    clauses: ['listener-attachedroutes-accepted-only'],
    layers,
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway, { objects, controllerName }) => {
        const losers = [...objects.grpcRoutes, ...objects.httpRoutes].filter((route) =>
          (route.status?.parents ?? []).some(
            ({ controllerName: by, parentRef, conditions = [] }) =>
              by === controllerName &&
              gatewayOf(parentRef, route, objects) === gateway &&
              (parentRef.sectionName ?? listener.name) === listener.name &&
              conditions.some(({ reason }) => reason === 'HostnameConflict'),
          ),
        );
        return { ...listener, attachedRoutes: listener.attachedRoutes + losers.length };
      }),
    }),
  },
  {
    name: 'attached-routes-kept-through-hostname-edit',
    title: 'attachedRoutes keeps a route whose hostnames are edited so that they fit no more.',
    clauses: ['listener-attachedroutes-decrements', 'listener-attachedroutes-accepted-only'],
    layers,
    hooks: () =>
      countingAs(
        besideEarlier<'grpcRoutes', readonly string[]>('grpcRoutes', (route, had = []) => {
          const now = route.spec.hostnames ?? [];
          const hostnames = [...new Set([...had, ...now])];
          const edited = now.length === 0 ? route : { ...route, spec: { ...route.spec, hostnames } };
          return { edited, keep: hostnames };
        }),
      ),
  },
  {
    name: 'deleted-route-counted-by-later-listeners',
    title: 'A route that is deleted goes on being counted by all listeners of a Gateway but the first.',
    clauses: ['listener-attachedroutes-decrements'],
    layers,
    hooks: () => {
      const withDeleted = outliving('grpcRoutes', () => true);
      return countingAs({
        input: (input) => {
          const { objects } = input;
          const isThere = new Set(objects.grpcRoutes);
          const grpcRoutes = withDeleted(input).objects.grpcRoutes.map((route) => {
            if (isThere.has(route)) return route;
            const parentRefs = route.spec.parentRefs?.filter((ref) => {
              const { name } = gatewayOf(ref, route, objects)?.spec.listeners?.[0] ?? {};
              return ref.sectionName !== undefined && ref.sectionName !== name;
            });
            return { ...route, spec: { ...route.spec, ...(parentRefs && { parentRefs }) } };
          });
          return { ...input, objects: { ...objects, grpcRoutes } };
        },
      });
    },
  },
  {
    name: 'recreated-route-counted-twice',
    title: 'attachedRoutes counts a route that is deleted and made again twice.',
    clauses: ['listener-attachedroutes-count', 'listener-attachedroutes-decrements'],
    layers,
    hooks: () => {
      const first = new Map<string, string | undefined>();
      const formerOf = remembered((route: GrpcRoute): GrpcRoute[] => {
        const { metadata } = route;
        if (!first.has(keyOf(route))) first.set(keyOf(route), uidOf(route));
        if (first.get(keyOf(route)) === uidOf(route)) return [];
        return [{ ...route, metadata: { ...metadata, name: `former-${metadata.name}` } }];
      });
      return countingAs({
        input: (input) => {
          const { grpcRoutes } = input.objects;
          const former = grpcRoutes.flatMap(formerOf);
          return { ...input, objects: { ...input.objects, grpcRoutes: [...grpcRoutes, ...former] } };
        },
      });
    },
  },
  {
    name: 'invalid-listener-counts-no-routes',
    title: 'attachedRoutes of a listener that is not healthy is 0, whatever is attached.',
    clauses: ['listener-attachedroutes-unhealthy-listener'],
    layers,
    hooks: () => ({
      statuses: onListenerStatuses((listener) =>
        isFalse(listener.conditions, 'Accepted', 'ResolvedRefs')
          ? { ...listener, attachedRoutes: 0 }
          : listener,
      ),
    }),
  },
  {
    name: 'unaccepted-listener-counts-no-routes',
    title: 'attachedRoutes of a listener that is not Accepted is 0, whatever is attached.',
    clauses: ['listener-attachedroutes-unhealthy-listener'],
    layers,
    hooks: () => ({ statuses: onListenerStatuses(withoutCountUnlessAccepted) }),
  },
  {
    name: 'unaccepted-entry-counts-no-routes',
    title: 'attachedRoutes of a listener of a ListenerSet that is not Accepted is 0, whatever is attached.',
    clauses: ['listener-attachedroutes-unhealthy-listener', 'listenerset-attachedroutes'],
    layers,
    hooks: () => ({ statuses: onEntryStatuses(withoutCountUnlessAccepted) }),
  },
  {
    name: 'invalid-listener-programmed',
    title: 'A listener that is not healthy is Programmed all the same.',
    clauses: ['listener-programmed-false-invalid'],
    layers,
    hooks: () => ({
      statuses: onListenerStatuses((listener) => ({
        ...listener,
        conditions: listener.conditions.map((condition) =>
          condition.type === 'Programmed' && isFalse(listener.conditions, 'Accepted', 'ResolvedRefs')
            ? { ...condition, status: 'True', reason: 'Programmed', message: 'all is well' }
            : condition,
        ),
      })),
    }),
  },
  {
    name: 'removed-listener-status-kept',
    title: 'A listener that is removed or renamed stays in the status of its Gateway.',
    clauses: ['listener-status-entry-per-listener', 'gateway-listener-removed'],
    layers,
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const now = status.listeners ?? [];
        const before = gateway.status?.listeners ?? [];
        const gone = before.filter(({ name }) => now.every((each) => each.name !== name));
        return gone.length === 0 ? status : { ...status, listeners: [...now, ...gone] };
      }),
    }),
  },
  {
    name: 'entry-for-each-listener',
    title: 'A route without a sectionName gets an entry for each listener of its Gateway.',
    clauses: [
      'status-entries-only-for-declared-refs',
      'status-entry-per-parentref',
      'status-no-duplicate-entries',
    ],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName, objects }) => ({
        parents: status.parents.flatMap((parent) => {
          const { name, sectionName } = parent.parentRef;
          const [, ...others] = gatewayOf(parent.parentRef, route, objects)?.spec.listeners ?? [];
          if (parent.controllerName !== controllerName || sectionName !== undefined || name === 'shared')
            return parent;
          const more = others.map((listener) => ({
            ...parent,
            parentRef: { ...parent.parentRef, sectionName: listener.name },
          }));
          return [parent, ...more];
        }),
      })),
    }),
  },
  {
    name: 'references-reported-to-first-parent',
    title: 'Of a route with several parents only the first entry tells of references that do not resolve.',
    clauses: ['backend-not-found-status', 'status-entry-per-parentref'],
    layers,
    hooks: () => ({
      statuses: onLaterParents((conditions) =>
        conditions.map((condition) =>
          condition.type === 'ResolvedRefs' && condition.status === 'False'
            ? ({ ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' } as const)
            : condition,
        ),
      ),
    }),
  },
  {
    name: 'partially-invalid-of-first-parent-only',
    title: 'Of a route with several parents only the first entry tells of rules that are left out.',
    clauses: ['status-partiallyinvalid-set', 'status-entry-per-parentref'],
    layers,
    hooks: () => ({
      statuses: onLaterParents((conditions) => conditions.filter(({ type }) => type !== 'PartiallyInvalid')),
    }),
  },
  {
    name: 'partially-invalid-generation-stale',
    title: 'PartiallyInvalid keeps the generation at which it first was True.',
    clauses: ['status-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const before = (route.status?.parents ?? [])
          .flatMap(({ conditions = [] }) => conditions)
          .find(({ type }) => type === 'PartiallyInvalid')?.observedGeneration;
        const conditions = parent.conditions?.map((condition) =>
          condition.type === 'PartiallyInvalid' && before !== undefined
            ? { ...condition, observedGeneration: before }
            : condition,
        );
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
  {
    name: 'gateway-programmed-generation-stale',
    title: 'Of the conditions of a Gateway, Programmed keeps the generation that it was first written for.',
    clauses: ['gateway-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'gateway' && object.metadata.name !== 'shared' && condition.type === 'Programmed'
          ? { ...condition, observedGeneration: 1 }
          : condition,
      ),
    }),
  },
];
