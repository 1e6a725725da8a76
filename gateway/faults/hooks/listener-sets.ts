import { keyOf } from '../../../common/object-key.ts';
import type {
  Condition,
  Gateway,
  GrpcRoute,
  Listener,
  ListenerSet,
  ListenerSetStatus,
  ListenerStatus,
  ParentRef,
} from '../../translate/model/gateway-api.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { mapSame } from './memo.ts';
import { onParents, statusHook } from './statuses.ts';
import { gatewayOf } from './objects.ts';

type StatusHook = NonNullable<FaultHooks['statuses']>;
type InputHook = NonNullable<FaultHooks['input']>;

/** The Gateway that a ListenerSet names, if it is there. */
export function parentOf(set: ListenerSet, { objects }: TranslateInput): Gateway | undefined {
  const key = parentKeyOf(set);
  return objects.gateways.find((gateway) => keyOf(gateway) === key);
}

/** The ListenerSets that name that Gateway. */
export function setsOf(gateway: Gateway, { objects }: TranslateInput): ListenerSet[] {
  return objects.listenerSets.filter((set) => parentKeyOf(set) === keyOf(gateway));
}

/** Edits the listeners of every ListenerSet, seeing the whole input; undefined leaves one out. */
export function onEntries(
  edit: (listener: Listener, set: ListenerSet, input: TranslateInput) => Listener | undefined,
): InputHook {
  return (input) => {
    const listenerSets = mapSame(input.objects.listenerSets, (set) => {
      const listeners = set.spec.listeners ?? [];
      const next = mapSame(listeners, (listener) => edit(listener, set, input));
      return next === listeners ? set : { ...set, spec: { ...set.spec, listeners: next } };
    });
    return { ...input, objects: { ...input.objects, listenerSets } };
  };
}

/** Gives GRPCRoutes more parents than they name, and keeps that out of their status. */
export function alsoParents(
  more: (ref: ParentRef, route: GrpcRoute, input: TranslateInput) => ParentRef[],
): FaultHooks {
  return {
    input: (input) => {
      const grpcRoutes = mapSame(input.objects.grpcRoutes, (route) => {
        const written = route.spec.parentRefs ?? [];
        const added = written.flatMap((ref) => more(ref, route, input));
        return added.length === 0
          ? route
          : { ...route, spec: { ...route.spec, parentRefs: [...written, ...added] } };
      });
      return { ...input, objects: { ...input.objects, grpcRoutes } };
    },
    statuses: onParents((parent, route) =>
      (route.spec.parentRefs ?? []).some((ref) => isSame(ref, parent.parentRef)) ? parent : undefined,
    ),
  };
}

/** Routes of one listener of a Gateway are also served by those whose names are like its name. */
export function alsoSections(isLike: (name: string, sectionName: string) => boolean): FaultHooks {
  return alsoParents((ref, route, { objects }) => {
    const { kind = 'Gateway', sectionName } = ref;
    if (kind !== 'Gateway' || sectionName === undefined) return [];
    return (gatewayOf(ref, route, objects)?.spec.listeners ?? [])
      .filter(({ name }) => name !== sectionName && isLike(name, sectionName))
      .map(({ name }) => ({ ...ref, sectionName: name }));
  });
}

function isSame(left: ParentRef, right: ParentRef): boolean {
  const text = ({ kind = 'Gateway', namespace, name, sectionName, port }: ParentRef): string =>
    JSON.stringify([kind, namespace, name, sectionName, port]);
  return text(left) === text(right);
}

/** Edits statuses of ListenerSets; undefined writes nothing. */
export function onSetStatuses(
  edit: (status: ListenerSetStatus, set: ListenerSet, input: TranslateInput) => ListenerSetStatus | undefined,
): StatusHook {
  return statusHook((update, object, input) => {
    if (update.kind !== 'ListenerSet') return update;
    const status = edit(update.status, object as ListenerSet, input);
    return status === undefined ? undefined : { ...update, status };
  });
}

/** Edits the entry of each listener of each ListenerSet. */
export function onEntryStatuses(
  edit: (entry: ListenerStatus, set: ListenerSet, input: TranslateInput) => ListenerStatus,
): StatusHook {
  return onSetStatuses((status, set, input) => ({
    ...status,
    ...(status.listeners && { listeners: status.listeners.map((entry) => edit(entry, set, input)) }),
  }));
}

/** Edits conditions of ListenerSets (`entry` undefined) and of their listeners; undefined leaves one out. */
export function onSetConditions(
  edit: (condition: Condition, entry: ListenerStatus | undefined, set: ListenerSet) => Condition | undefined,
): StatusHook {
  return onSetStatuses((status, set) => {
    const edited = (conditions: readonly Condition[] = [], entry?: ListenerStatus): Condition[] =>
      conditions.flatMap((condition) => edit(condition, entry, set) ?? []);
    return {
      ...status,
      conditions: edited(status.conditions),
      ...(status.listeners && {
        listeners: status.listeners.map((entry) => ({
          ...entry,
          conditions: edited(entry.conditions, entry),
        })),
      }),
    };
  });
}

/** The condition as it is when nothing is wrong. */
export function well(condition: Condition): Condition {
  return { ...condition, status: 'True', reason: condition.type, message: 'all is well' };
}
