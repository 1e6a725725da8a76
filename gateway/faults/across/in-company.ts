import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { GrpcRoute, Listener, ParentRef, RouteParentStatus } from '../../translate/gateway-api.ts';
import { isRouteKind } from '../../translate/kinds.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { onSetConditions, well } from '../hooks/listener-sets.ts';
import { gatewayOf, mapListeners, onObjects, onObjectsWith } from '../hooks/objects.ts';
import { onParents, onRouteStatuses } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const withRefs = (
  listener: Listener,
  certificateRefs: NonNullable<Listener['tls']>['certificateRefs'],
): Listener => ({
  ...listener,
  tls: { ...listener.tls, ...(certificateRefs && { certificateRefs }) },
});

/** Statuses that are right where a route has one parent, or a healthy one. */
export const statusesInCompany: readonly Fault[] = [
  {
    name: 'entries-of-one-class-only',
    title: 'A route with Gateways of two classes of ours has entries for those of the last class only.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-gateways-independent'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#4587',
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, { objects, controllerName }) => {
        const classOf = ({ parentRef, controllerName: writer }: RouteParentStatus): string | undefined =>
          writer === controllerName ? gatewayOf(parentRef, route, objects)?.spec.gatewayClassName : undefined;
        const last = parents
          .flatMap((parent) => classOf(parent) ?? [])
          .toSorted()
          .at(-1);
        return { parents: parents.filter((parent) => [last, undefined].includes(classOf(parent))) };
      }),
    }),
  },
  {
    name: 'route-of-unhealthy-listener-refused',
    title: 'A route of a listener whose references do not resolve is not Accepted.',
    clauses: ['listener-attachedroutes-unhealthy-listener', 'listener-attachedroutes-accepted-only'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route, { objects }) => {
        const { status } = gatewayOf(parent.parentRef, route, objects) ?? {};
        const listener = status?.listeners?.find(({ name }) => name === parent.parentRef.sectionName);
        const isUnresolved = (listener?.conditions ?? []).some(
          ({ type, status }) => type === 'ResolvedRefs' && status === 'False',
        );
        if (!isUnresolved || parent.conditions === undefined) return parent;
        const conditions = parent.conditions.map((condition) =>
          condition.type === 'Accepted'
            ? {
                ...condition,
                status: 'False' as const,
                reason: 'NoReadyListeners',
                message: 'not programmed',
              }
            : condition,
        );
        return { ...parent, conditions };
      }),
    }),
  },
];

/** Listeners that are right with one kind of routes. */
export const kindsInCompany: readonly Fault[] = [
  {
    name: 'only-first-known-kind',
    title: 'Of several kinds of routes that a listener allows only the first is taken.',
    clauses: ['listener-kinds-grpcroute-accepted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        return mapListeners(gateway, (listener) => {
          const kinds = listener.allowedRoutes?.kinds ?? [];
          return kinds.length < 2 || !kinds.every(({ kind }) => isRouteKind(kind))
            ? listener
            : { ...listener, allowedRoutes: { ...listener.allowedRoutes, kinds: kinds.slice(0, 1) } };
        });
      }),
    }),
  },
];

/** Certificates that are right alone. */
export const certificatesInCompany: readonly Fault[] = [
  {
    name: 'only-first-certificate-ref-judged',
    title:
      'A listener with several certificates of which a later one is missing says that all references resolve.',
    clauses: ['tls-secret-nonexistent'],
    layers: ['status'],
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const known = new Set(objects.secrets.map(keyOf));
        return mapListeners(gateway, (listener) => {
          const refs = listener.tls?.certificateRefs ?? [];
          const found = refs.filter(
            ({ namespace = gateway.metadata.namespace, name }, index) =>
              index === 0 || known.has(objectKey(namespace, name)),
          );
          return found.length === refs.length ? listener : withRefs(listener, found);
        });
      }),
    }),
  },
  {
    name: 'certificate-grants-void-beside-client-ca',
    title:
      'A grant for the certificate of a listener permits nothing where its clients are asked for theirs.',
    clauses: ['tls-cross-namespace-grant-all', 'tls-cross-namespace-grant-named'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { default: all, perPort = [] } = gateway.spec.tls?.frontend ?? {};
        const asks = ({ port }: Listener): boolean => {
          const own = perPort.find((each) => each.port === port);
          return (own === undefined ? all : own.tls)?.validation !== undefined;
        };
        return mapListeners(gateway, (listener) => {
          const refs = listener.tls?.certificateRefs ?? [];
          const isAbroad = refs.some(
            ({ namespace = gateway.metadata.namespace }) => namespace !== gateway.metadata.namespace,
          );
          if (!isAbroad || !asks(listener)) return listener;
          return withRefs(
            listener,
            refs.map((ref) => ({ ...ref, namespace: 'of-nobody' })),
          );
        });
      }),
    }),
  },
];

/** ListenerSets that are right under a name of their own. */
export const namesakes: readonly Fault[] = [
  {
    name: 'listener-set-namesake-conflict-unnoticed',
    title: 'A listener of a ListenerSet that repeats one of the Gateway of its own name looks healthy.',
    clauses: ['listenerset-hostname-conflict-conditions'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry, { metadata, spec }) => {
        if (entry === undefined || metadata.name !== spec.parentRef.name) return condition;
        if (condition.type === 'Conflicted') return undefined;
        return condition.reason === 'HostnameConflict' ? well(condition) : condition;
      }),
    }),
  },
];

const parentId = (
  { kind = 'Gateway', namespace, name, sectionName = '' }: ParentRef,
  { metadata }: GrpcRoute,
): string => `${kind} ${objectKey(namespace ?? metadata.namespace, name)} ${sectionName}`;

/** Routes that reach a listener more than once. */
export const overlappingParents: readonly Fault[] = [
  {
    name: 'overlapping-parent-removed-detaches',
    title: 'A route that loses one of two parentRefs to the same listener is not served there any more.',
    clauses: ['parentref-sectionname-selects-listener', 'grpcroute-update-takes-effect'],
    layers: ['routed'],
    hooks: () => {
      const { input } = besideEarlier<'grpcRoutes', ReadonlyMap<string, number>>(
        'grpcRoutes',
        (route, most = new Map()) => {
          const refs = route.spec.parentRefs ?? [];
          const counts = new Map<string, number>();
          for (const ref of refs)
            counts.set(parentId(ref, route), (counts.get(parentId(ref, route)) ?? 0) + 1);
          const parentRefs = refs.filter(
            (ref) => (counts.get(parentId(ref, route)) ?? 0) >= (most.get(parentId(ref, route)) ?? 0),
          );
          const keep = new Map(
            [...most, ...counts].map(([id, count]) => [id, Math.max(count, most.get(id) ?? 0)]),
          );
          return { edited: { ...route, spec: { ...route.spec, parentRefs } }, keep };
        },
      );
      return input === undefined ? {} : unseen(input);
    },
  },
];
