import { keyOf, objectKey } from '../../../common/object-key.ts';
import type {
  BackendTlsPolicy,
  Condition,
  Gateway,
  GatewayClass,
  GatewayStatus,
  GrpcRoute,
  HttpRoute,
  ListenerSet,
  ListenerStatus,
  PolicyAncestorStatus,
  RouteParentStatus,
  RouteStatus,
} from '../../translate/model/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';

/** A time that no condition can have. */
export const epoch = '1970-01-01T00:00:00Z';

type StatusHook = NonNullable<FaultHooks['statuses']>;
type AnyRoute = GrpcRoute | HttpRoute;
type RouteUpdate = Extract<StatusUpdate, { kind: 'GRPCRoute' | 'HTTPRoute' }>;
type GatewayUpdate = Extract<StatusUpdate, { kind: 'Gateway' }>;

/** The object that an update is for, as the API server has it. */
export function objectOf(
  update: StatusUpdate,
  { objects }: TranslateInput,
): Gateway | GatewayClass | ListenerSet | AnyRoute | BackendTlsPolicy | undefined {
  const lists = {
    GatewayClass: objects.gatewayClasses,
    Gateway: objects.gateways,
    ListenerSet: objects.listenerSets,
    GRPCRoute: objects.grpcRoutes,
    HTTPRoute: objects.httpRoutes,
    BackendTLSPolicy: objects.backendTlsPolicies,
  };
  const key = objectKey(update.namespace, update.name);
  return lists[update.kind].find((object) => keyOf(object) === key);
}

/** Edits each update, beside the object that it is for; undefined writes nothing. What is for no object is left out. */
export function statusHook(
  edit: (
    update: StatusUpdate,
    object: NonNullable<ReturnType<typeof objectOf>>,
    input: TranslateInput,
  ) => StatusUpdate | undefined,
): StatusHook {
  return (statuses, input) =>
    statuses.flatMap((update) => {
      const object = objectOf(update, input);
      return object === undefined ? [] : (edit(update, object, input) ?? []);
    });
}

/** Edits statuses of routes; undefined writes nothing. */
export function onRouteStatuses(
  edit: (
    status: RouteStatus,
    route: AnyRoute,
    update: RouteUpdate,
    input: TranslateInput,
  ) => RouteStatus | undefined,
): StatusHook {
  return (statuses, input) =>
    statuses.flatMap((update): StatusUpdate[] => {
      if (update.kind !== 'GRPCRoute' && update.kind !== 'HTTPRoute') return [update];
      const route = objectOf(update, input) as AnyRoute | undefined;
      const status = route === undefined ? undefined : edit(update.status, route, update, input);
      return status === undefined ? [] : [{ ...update, status }];
    });
}

/** Edits statuses of Gateways; undefined writes nothing. */
export function onGatewayStatuses(
  edit: (
    status: GatewayStatus,
    gateway: Gateway,
    update: GatewayUpdate,
    input: TranslateInput,
  ) => GatewayStatus | undefined,
): StatusHook {
  return (statuses, input) =>
    statuses.flatMap((update): StatusUpdate[] => {
      if (update.kind !== 'Gateway') return [update];
      const gateway = objectOf(update, input) as Gateway | undefined;
      const status = gateway === undefined ? undefined : edit(update.status, gateway, update, input);
      return status === undefined ? [] : [{ ...update, status }];
    });
}

/** Types of other controllers have a domain. */
export const isOfOurs = ({ type }: { type: string }): boolean => !type.includes('/');

/** Edits the entry of each listener in statuses of Gateways. */
export function onListenerStatuses(
  edit: (listener: ListenerStatus, gateway: Gateway, input: TranslateInput) => ListenerStatus,
): StatusHook {
  return onGatewayStatuses((status, gateway, _update, input) => ({
    ...status,
    ...(status.listeners && {
      listeners: status.listeners.map((listener) => edit(listener, gateway, input)),
    }),
  }));
}

/** Edits our own entries in routes' status.parents; undefined leaves one out. */
export function onParents(
  edit: (parent: RouteParentStatus, route: AnyRoute, input: TranslateInput) => RouteParentStatus | undefined,
): StatusHook {
  return onRouteStatuses((status, route, _update, input) => ({
    parents: status.parents.flatMap((parent) =>
      parent.controllerName === input.controllerName ? (edit(parent, route, input) ?? []) : parent,
    ),
  }));
}

/** Edits our own entries in policies' status.ancestors; undefined leaves one out. */
export function onAncestors(
  edit: (
    ancestor: PolicyAncestorStatus,
    policy: BackendTlsPolicy,
    index: number,
  ) => PolicyAncestorStatus | undefined,
): StatusHook {
  return (statuses, input) =>
    statuses.flatMap((update): StatusUpdate[] => {
      if (update.kind !== 'BackendTLSPolicy') return [update];
      const policy = objectOf(update, input) as BackendTlsPolicy | undefined;
      if (policy === undefined) return [];
      const ancestors = update.status.ancestors.flatMap((ancestor, index) =>
        ancestor.controllerName === input.controllerName ? (edit(ancestor, policy, index) ?? []) : ancestor,
      );
      return [{ ...update, status: { ancestors } }];
    });
}

export type ConditionPlace =
  | { level: 'parent'; object: AnyRoute; parent: RouteParentStatus }
  | { level: 'gateway'; object: Gateway }
  | { level: 'listener'; object: Gateway; listener: string };

/** Edits every condition of ours on routes, Gateways and listeners; undefined leaves it out. */
export function onConditions(
  edit: (condition: Condition, place: ConditionPlace) => Condition | undefined,
): StatusHook {
  const editAll = (conditions: Condition[] | undefined, place: ConditionPlace): Condition[] =>
    (conditions ?? []).flatMap((condition) => edit(condition, place) ?? []);
  const routes = onParents((parent, object) => ({
    ...parent,
    conditions: editAll(parent.conditions, { level: 'parent', object, parent }),
  }));
  const gateways = onGatewayStatuses((status, object) => ({
    ...status,
    conditions: editAll(status.conditions, { level: 'gateway', object }),
    ...(status.listeners !== undefined && {
      listeners: status.listeners.map((listener) => ({
        ...listener,
        conditions: editAll(listener.conditions, { level: 'listener', object, listener: listener.name }),
      })),
    }),
  }));
  return (statuses, input) => gateways(routes(statuses, input), input);
}

/** Says of a condition of that type on routes that all is well, whatever is. */
export function claimsTrue(type: string): StatusHook {
  return onConditions((condition, { level }) =>
    level === 'parent' && condition.type === type
      ? { ...condition, status: 'True', reason: type, message: 'all is well' }
      : condition,
  );
}

type ClassUpdate = Extract<StatusUpdate, { kind: 'GatewayClass' }>;

/** What is stored of GRPCRoutes that nothing is written of this time, as if it were to be written again. */
export function unwrittenRoutes(
  statuses: readonly StatusUpdate[],
  { objects }: TranslateInput,
): Extract<StatusUpdate, { kind: 'GRPCRoute' | 'HTTPRoute' }>[] {
  const written = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
  return objects.grpcRoutes.flatMap((route) => {
    const { status, metadata } = route;
    if (status === undefined || written.has(keyOf(route))) return [];
    return [{ kind: 'GRPCRoute', namespace: metadata.namespace ?? '', name: metadata.name, status }];
  });
}

/** Edits statuses of GatewayClasses. */
export function onClassStatuses(edit: (update: ClassUpdate) => ClassUpdate): FaultHooks {
  return {
    statuses: (statuses) =>
      statuses.map((update) => (update.kind === 'GatewayClass' ? edit(update) : update)),
  };
}

/** Edits conditions of classes; undefined leaves one out. */
export function onClassConditions(
  edit: (condition: Condition) => Condition | undefined,
): Required<Pick<FaultHooks, 'statuses'>> {
  return {
    statuses: (statuses) =>
      statuses.map((update) => {
        if (update.kind !== 'GatewayClass') return update;
        const conditions = (update.status.conditions ?? []).flatMap((each) => edit(each) ?? []);
        return { ...update, status: { ...update.status, conditions } };
      }),
  };
}

/** Every scenario looks at that one. */
export const isShared = ({ metadata }: Gateway): boolean => metadata.name === 'shared';

/** Edits the entries of listeners, of all Gateways but the shared one. */
export const onUnsharedListeners = (
  edit: (listener: ListenerStatus, index: number, gateway: Gateway, status: GatewayStatus) => ListenerStatus,
): FaultHooks => ({
  statuses: onGatewayStatuses((status, gateway) =>
    status.listeners === undefined || isShared(gateway)
      ? status
      : {
          ...status,
          listeners: status.listeners.map((each, index) => edit(each, index, gateway, status)),
        },
  ),
});

/** Whether a condition says that references do not resolve. */
export const isUnresolved = ({ type, status }: Condition): boolean =>
  type === 'ResolvedRefs' && status === 'False';
