import { keyOf } from '../../../common/object-key.ts';
import type {
  Condition,
  GrpcRoute,
  HttpRoute,
  RouteParentStatus,
} from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';
import { gatewayOf, namesGateway, onGrpcRoutesWith, withParents } from '../hooks/objects.ts';
import { epoch, onConditions, onGatewayStatuses, onParents, onRouteStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status'];

const withConditions = (
  parent: RouteParentStatus,
  edit: (condition: Condition) => Condition,
): RouteParentStatus => ({
  ...parent,
  ...(parent.conditions && { conditions: parent.conditions.map(edit) }),
});

/** Says that of the references of every route that is not Accepted. */
const onReferencesOfRefused = (
  verdict: Pick<Condition, 'status' | 'reason' | 'message'>,
): ReturnType<typeof onParents> =>
  onParents((parent) => {
    const isRefused = parent.conditions?.some(
      ({ type, status }) => type === 'Accepted' && status === 'False',
    );
    return withConditions(parent, (condition) =>
      isRefused === true && condition.type === 'ResolvedRefs' ? { ...condition, ...verdict } : condition,
    );
  });

/** Leaves some routes out of attachedRoutes, whatever listener they are on. */
const uncounted = (
  routesOf: (objects: Objects) => readonly (GrpcRoute | HttpRoute)[],
): ReturnType<typeof onGatewayStatuses> =>
  onGatewayStatuses((status, gateway, _update, { objects }) => {
    const left = routesOf(objects).filter((route) => namesGateway(route, gateway)).length;
    return {
      ...status,
      ...(status.listeners && {
        listeners: status.listeners.map((listener) => ({
          ...listener,
          attachedRoutes: Math.max(0, listener.attachedRoutes - left),
        })),
      }),
    };
  });

/** Statuses of routes that are right for a simple route, and wrong for one with several parents, rules or problems. */
export const intricateRoutes: readonly Fault[] = [
  {
    name: 'references-of-later-rules-unreported',
    title: 'ResolvedRefs tells of the backends of the first rule only.',
    clauses: ['backend-not-found-status', 'backend-invalid-other-rules-ok'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' &&
        condition.type === 'ResolvedRefs' &&
        condition.status === 'False' &&
        !condition.message.includes('rules[0]')
          ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'references-of-later-backends-unreported',
    title: 'ResolvedRefs tells of the first backend of each rule only.',
    clauses: ['backend-not-found-status', 'backend-invalid-share-unavailable'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' &&
        condition.type === 'ResolvedRefs' &&
        condition.status === 'False' &&
        condition.message.includes('backendRefs[') &&
        !condition.message.includes('backendRefs[0]')
          ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'refused-routes-unresolved',
    title: 'A route that its listener refuses says that its references do not resolve.',
    clauses: ['status-resolvedrefs-true-reason'],
    layers,
    hooks: () => ({
      statuses: onReferencesOfRefused({
        status: 'False',
        reason: 'BackendNotFound',
        message: 'the route is not attached',
      }),
    }),
  },
  {
    name: 'refused-routes-resolved',
    title: 'A route that its listener refuses says that its references resolve, whatever they lead to.',
    clauses: ['backend-not-found-status'],
    layers,
    hooks: () => ({
      statuses: onReferencesOfRefused({ status: 'True', reason: 'ResolvedRefs', message: 'all is well' }),
    }),
  },
  {
    name: 'unresolved-for-good',
    title: 'A route whose references once did not resolve says so for ever.',
    clauses: ['status-resolvedrefs-true-reason', 'backend-recovers'],
    layers,
    hooks: () => {
      const known = new Map<string, Condition>();
      return {
        statuses: onConditions((condition, { level, object }) => {
          if (level !== 'parent' || condition.type !== 'ResolvedRefs') return condition;
          if (condition.status === 'False') known.set(keyOf(object), condition);
          const before = known.get(keyOf(object));
          return before === undefined
            ? condition
            : { ...condition, status: 'False', reason: before.reason, message: before.message };
        }),
      };
    },
  },
  {
    name: 'second-parent-generation-stale',
    title:
      'Of a route with two parents the entry of the second keeps the generation that it was first written for.',
    clauses: ['status-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }) => ({
        parents: parents.map((parent, index) =>
          index === 0
            ? parent
            : withConditions(parent, (condition) => ({ ...condition, observedGeneration: 1 })),
        ),
      })),
    }),
  },
  {
    name: 'parents-share-a-verdict',
    title: 'A route with two parents that one of them accepts is reported as accepted by both.',
    clauses: ['parentref-multiple-gateways-independent', 'status-entry-per-parentref'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status) => {
        const isAccepted = ({ type, status: value }: Condition): boolean =>
          type === 'Accepted' && value === 'True';
        const accepted = status.parents.flatMap(({ conditions = [] }) => conditions).find(isAccepted);
        if (accepted === undefined) return status;
        return {
          parents: status.parents.map((parent) =>
            withConditions(parent, (condition) => (condition.type === 'Accepted' ? accepted : condition)),
          ),
        };
      }),
    }),
  },
  {
    name: 'parents-after-missing-gateway-ignored',
    title: 'Parents that a route names after a Gateway that is not there are not looked at.',
    clauses: ['parentref-nonexistent-gateway-no-entry', 'status-entry-per-parentref'],
    layers: [...layers, 'routed'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const refs = route.spec.parentRefs ?? [];
        const missing = refs.findIndex(
          (ref) => (ref.kind ?? 'Gateway') === 'Gateway' && gatewayOf(ref, route, objects) === undefined,
        );
        return missing < 0 ? route : withParents(route, (ref) => refs.indexOf(ref) < missing);
      }),
    }),
  },
  {
    name: 'entry-without-namespace',
    title: 'Entries do not repeat the namespace of their parentRef.',
    clauses: ['status-entry-echoes-parentref'],
    layers,
    hooks: () => ({
      statuses: onParents(({ parentRef: { namespace: _namespace, ...parentRef }, ...parent }) => ({
        ...parent,
        parentRef,
      })),
    }),
  },
  {
    name: 'parents-beyond-eight-unreported',
    title: 'A route with more than eight parents has entries for eight.',
    clauses: ['status-entry-per-parentref'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }) => ({ parents: parents.slice(0, 8) })),
    }),
  },
  {
    name: 'parents-beyond-sixteen-unreported',
    title: 'A route with more than sixteen parents has entries for sixteen.',
    clauses: ['status-entry-per-parentref'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }) => ({ parents: parents.slice(0, 16) })),
    }),
  },
  {
    name: 'unresolved-routes-not-counted',
    title: 'attachedRoutes leaves out routes whose references do not resolve.',
    clauses: ['listener-attachedroutes-unresolved-backend-counts'],
    layers,
    hooks: () => ({
      statuses: uncounted(({ grpcRoutes }) =>
        grpcRoutes.filter(({ status }) =>
          status?.parents.some(({ conditions = [] }) =>
            conditions.some(({ type, status: value }) => type === 'ResolvedRefs' && value === 'False'),
          ),
        ),
      ),
    }),
  },
  {
    name: 'only-grpcroutes-counted',
    title: 'attachedRoutes counts GRPCRoutes alone.',
    clauses: ['listener-attachedroutes-all-kinds'],
    layers,
    hooks: () => ({
      statuses: uncounted(({ httpRoutes }) => httpRoutes),
    }),
  },
  {
    name: 'transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of routes is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? { ...condition, lastTransitionTime: epoch } : condition,
      ),
    }),
  },
  {
    name: 'missing-listener-taken-for-refusal',
    title:
      'A route of a namespace that one listener does not admit is told so where it names a listener that does not exist.',
    clauses: ['status-nomatchingparent', 'parentref-sectionname-not-found'],
    layers,
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const gateway = gatewayOf(parent.parentRef, route, objects);
        const isStranger = gateway?.metadata.namespace !== route.metadata.namespace;
        const refuses = (gateway?.spec.listeners ?? []).some(
          ({ allowedRoutes }) => (allowedRoutes?.namespaces?.from ?? 'Same') === 'Same',
        );
        return withConditions(parent, (condition) =>
          condition.reason === 'NoMatchingParent' && isStranger && refuses
            ? { ...condition, reason: 'NotAllowedByListeners', message: 'refused' }
            : condition,
        );
      }),
    }),
  },
  {
    name: 'refusal-of-a-listener-refuses-parent',
    title: 'A parentRef to a Gateway of which one listener refuses the route is refused as a whole.',
    clauses: ['parentref-partial-listener-acceptance'],
    layers: [...layers, 'routed'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const { namespace = route.metadata.namespace, sectionName, port } = parent.parentRef;
        const refuses = (gatewayOf(parent.parentRef, route, objects)?.spec.listeners ?? []).some(
          ({ allowedRoutes }) =>
            allowedRoutes?.kinds?.every(({ kind }) => kind !== 'GRPCRoute') === true ||
            (allowedRoutes?.namespaces?.from === 'Same' && namespace !== route.metadata.namespace),
        );
        if (sectionName !== undefined || port !== undefined || !refuses) return parent;
        return withConditions(parent, (condition) =>
          condition.type === 'Accepted'
            ? { ...condition, status: 'False', reason: 'NotAllowedByListeners', message: 'refused' }
            : condition,
        );
      }),
    }),
  },
];
