import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Condition, GrpcRoute, ParentRef } from '../../translate/model/gateway-api.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { Fault, FaultContext, FaultHooks } from '../fault.ts';
import { besideEarlier, lostWithNamespace, momentMs } from '../hooks/first-seen.ts';
import { onGrpcRoutesWith, uidOf, withParents } from '../hooks/objects.ts';
import { onParents } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

const isLeaving = ({ metadata }: { metadata: object }): boolean =>
  (metadata as { deletionTimestamp?: unknown }).deletionTimestamp !== undefined;

/** An edit of a route in the moment of an edit of another route of its namespace is not followed. */
function oneEditAMoment({ now }: FaultContext): FaultHooks {
  const edited = new Map<string, { at: number; key: string }>();
  return besideEarlier<'grpcRoutes', GrpcRoute>('grpcRoutes', (route, served) => {
    if (served === undefined || served.metadata.generation === route.metadata.generation)
      return { edited: { ...route, spec: (served ?? route).spec }, keep: served ?? route };
    const { namespace = '' } = route.metadata;
    const last = edited.get(namespace);
    if (last !== undefined && last.key !== keyOf(route) && now() - last.at < momentMs) {
      const keep = { ...served, metadata: route.metadata };
      return { edited: { ...route, spec: served.spec }, keep };
    }
    edited.set(namespace, { at: now(), key: keyOf(route) });
    return { edited: route, keep: route };
  });
}

function isThatOf(ref: ParentRef, of: ParentRef, own = ''): boolean {
  return (
    ref.name === of.name &&
    (ref.namespace ?? own) === (of.namespace ?? own) &&
    ref.sectionName === of.sectionName &&
    ref.port === of.port
  );
}

/** Changes that come while something else changes, goes, or has come back. */
export const disturbed: readonly Fault[] = [
  {
    name: 'edit-beside-another-lost',
    title: 'Of two routes of a namespace that are edited in the same moment only the first one is followed.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: oneEditAMoment,
  },
  {
    name: 'leaving-route-stops-namespace',
    title:
      'As long as a route that is deleted is held by a finalizer, edits of the other routes of its namespace are not followed.',
    clauses: ['grpcroute-update-takes-effect', 'grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => {
      const held = new Map<string, GrpcRoute>();
      return {
        input: (input) => {
          const stopped = new Set(
            input.objects.grpcRoutes.filter(isLeaving).map(({ metadata }) => metadata.namespace),
          );
          return onGrpcRoutesWith((route) => {
            const kept = held.get(keyOf(route));
            if (stopped.has(route.metadata.namespace) && kept !== undefined)
              return { ...route, spec: kept.spec };
            held.set(keyOf(route), route);
            return route;
          })(input);
        },
      };
    },
  },
  {
    name: 'services-of-recreated-namespace-unknown',
    title: 'Services of a namespace that is deleted and made again under its name are taken for missing.',
    clauses: ['backend-recovers', 'backend-service-forwarding', 'refgrant-addition-enables'],
    layers,
    hooks: () => lostWithNamespace('services'),
  },
  {
    name: 'grants-of-recreated-namespace-void',
    title: 'ReferenceGrants of a namespace that is deleted and made again under its name permit nothing.',
    clauses: ['refgrant-addition-enables', 'refgrant-required', 'refgrant-grpcroute-core-kind'],
    layers,
    hooks: () => lostWithNamespace('referenceGrants'),
  },
  {
    name: 'endpoints-of-recreated-namespace-lost',
    title: 'Services of a namespace that is deleted and made again under its name have no endpoints.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => lostWithNamespace('endpointSlices'),
  },
  {
    name: 'late-listener-set-unnoticed',
    title: 'A route that was there before the ListenerSet that it names is not attached until it is edited.',
    clauses: ['listenerset-route-parentref', 'listenerset-serves-traffic'],
    layers: [...layers, 'connect'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const sets = new Set(objects.listenerSets.map(keyOf));
          return withParents(route, ({ kind, namespace = route.metadata.namespace, name }) => {
            if (kind !== 'ListenerSet') return true;
            const id = `${keyOf(route)} ${route.metadata.generation} ${namespace}/${name}`;
            if (!sets.has(`${namespace}/${name}`)) missed.add(id);
            return !missed.has(id);
          });
        }),
      };
    },
  },
  {
    name: 'returned-gateway-loses-listener-sets',
    title: 'A Gateway that is deleted and made again has none of the ListenerSets that name it.',
    clauses: ['listenerset-accepted-set', 'listenerset-serves-traffic', 'listenerset-attached-count'],
    layers: [...layers, 'connect', 'programmed'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways)
            if (!first.has(keyOf(gateway))) first.set(keyOf(gateway), uidOf(gateway));
          const again = new Set(
            input.objects.gateways.flatMap((gateway) =>
              first.get(keyOf(gateway)) === uidOf(gateway) ? [] : keyOf(gateway),
            ),
          );
          if (again.size === 0) return input;
          const listenerSets = input.objects.listenerSets.filter((set) => !again.has(parentKeyOf(set) ?? ''));
          return { ...input, objects: { ...input.objects, listenerSets } };
        },
      };
    },
  },
  {
    name: 'second-parent-stays-unresolved',
    title: 'Of a route with several parents whose references resolve again, only the first entry says so.',
    clauses: ['status-resolvedrefs-true-reason', 'status-entry-per-parentref', 'backend-recovers'],
    layers: ['status'],
    hooks: () => {
      const broken = new Map<string, Condition>();
      return {
        statuses: onParents((parent, route) => {
          const refs = route.spec.parentRefs ?? [];
          const index = refs.findIndex((ref) => isThatOf(ref, parent.parentRef, route.metadata.namespace));
          const id = `${keyOf(route)} ${String(index)}`;
          const conditions = (parent.conditions ?? []).map((condition) => {
            if (condition.type !== 'ResolvedRefs' || index < 1) return condition;
            if (condition.status === 'False') broken.set(id, condition);
            const before = broken.get(id);
            if (before === undefined) return condition;
            const { observedGeneration } = condition;
            return { ...before, ...(observedGeneration !== undefined && { observedGeneration }) };
          });
          return { ...parent, conditions };
        }),
      };
    },
  },
];

/** Gateways of a namespace that came back. */
export const returnedNamespaces: readonly Fault[] = [
  {
    name: 'gateways-of-recreated-namespace-unserved',
    title: 'Gateways of a namespace that is deleted and made again under its name are not served.',
    clauses: ['gateway-programmed-true', 'gateway-accepted-true', 'gateway-listenersnotvalid-none-valid'],
    layers: ['status', 'programmed', 'connect', 'routed'],
    hooks: () => lostWithNamespace('gateways'),
  },
  {
    name: 'certificates-of-recreated-namespace-unknown',
    title: 'Secrets of a namespace that is deleted and made again under its name are taken for missing.',
    clauses: ['tls-secret-recovers', 'tls-terminate-secret'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => lostWithNamespace('secrets'),
  },
];

/** An edit of a route in the moment of an edit of its Gateway is not followed. */
function notBesideGatewayEdits({ now }: FaultContext): FaultHooks {
  const edits = new Map<string, { generation: number | undefined; at: number }>();
  const served = new Map<string, GrpcRoute>();
  return {
    input: (input) => {
      for (const gateway of input.objects.gateways) {
        const { generation } = gateway.metadata;
        const before = edits.get(keyOf(gateway));
        if (before?.generation !== generation)
          edits.set(keyOf(gateway), { generation, at: before === undefined ? -Infinity : now() });
      }
      return onGrpcRoutesWith((route) => {
        const kept = served.get(keyOf(route));
        const isEdit = kept !== undefined && kept.metadata.generation !== route.metadata.generation;
        const isLost =
          isEdit &&
          (route.spec.parentRefs ?? []).some(({ namespace = route.metadata.namespace, name }) => {
            const edit = edits.get(objectKey(namespace, name));
            return edit !== undefined && now() - edit.at < momentMs;
          });
        const spec = isLost || (kept !== undefined && !isEdit) ? kept.spec : route.spec;
        served.set(keyOf(route), { ...route, spec });
        return spec === route.spec ? route : { ...route, spec };
      })(input);
    },
  };
}

/** A change of a route that comes while its Gateway changes. */
export const besideGatewayEdits: readonly Fault[] = [
  {
    name: 'edit-beside-gateway-edit-lost',
    title: 'A route that is edited in the same moment as its Gateway stays as it was.',
    clauses: ['grpcroute-update-takes-effect', 'status-follows-gateway-change'],
    layers: [...layers, 'connect'],
    hooks: notBesideGatewayEdits,
  },
];
