import { keyOf, objectKey } from '../../../common/object-key.ts';
import type {
  BackendTlsPolicy,
  Condition,
  Gateway,
  GatewayClass,
  ListenerSet,
} from '../../translate/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onEntryStatuses, onSetConditions, parentOf } from '../hooks/listener-sets.ts';
import { epoch, onAncestors, onGatewayStatuses } from '../hooks/statuses.ts';

type Stormy = GatewayClass | Gateway | ListenerSet | BackendTlsPolicy;

const isOwn = ({ type }: Condition): boolean =>
  ['Accepted', 'Programmed', 'ResolvedRefs', 'Conflicted', 'SupportedVersion'].includes(type);

/** Conditions of ours with another message. */
const saying = (message: string, conditions: readonly Condition[]): Condition[] =>
  conditions.map((each) => (isOwn(each) ? { ...each, message } : each));

/** Edits conditions of classes; undefined leaves one out. */
function onClassConditions(
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

/** Classes of ours, their Gateways and the ListenerSets of these; of other objects the update itself tells what is ours. */
function isForeign(object: Stormy, input: TranslateInput): boolean {
  const isOwnClass = (name: string | undefined): boolean =>
    input.objects.gatewayClasses.some(
      ({ metadata, spec }) => metadata.name === name && spec.controllerName === input.controllerName,
    );
  if ('controllerName' in object.spec) return !isOwnClass(object.metadata.name);
  if ('gatewayClassName' in object.spec) return !isOwnClass(object.spec.gatewayClassName);
  return (
    'parentRef' in object.spec && !isOwnClass(parentOf(object as ListenerSet, input)?.spec.gatewayClassName)
  );
}

/** Statuses of one kind are written again and again, each time with another message. */
function storm(
  kind: 'GatewayClass' | 'Gateway' | 'ListenerSet' | 'BackendTLSPolicy',
  withMessage: (message: string) => NonNullable<FaultHooks['statuses']>,
): Fault['hooks'] {
  const lists = {
    GatewayClass: 'gatewayClasses',
    Gateway: 'gateways',
    ListenerSet: 'listenerSets',
    BackendTLSPolicy: 'backendTlsPolicies',
  } as const;
  return ({ refreshAfter, now }) => ({
    statuses: (statuses, input) => {
      refreshAfter(500);
      const written = new Set(
        statuses
          .filter((update) => update.kind === kind)
          .map(({ namespace, name }) => objectKey(namespace, name)),
      );
      const more = input.objects[lists[kind]].flatMap((object: Stormy): StatusUpdate[] => {
        const { namespace = '', name } = object.metadata;
        const { status } = object;
        if (status === undefined || written.has(keyOf(object)) || isForeign(object, input)) return [];
        return [{ kind, ...(kind !== 'GatewayClass' && { namespace }), name, status } as StatusUpdate];
      });
      return withMessage(`looked at after ${Math.floor(now() / 500) / 2} s`)([...statuses, ...more], input);
    },
  });
}

/** Statuses of ListenerSets. */
export const laterSetStatuses: readonly Fault[] = [
  {
    name: 'listener-set-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of ListenerSets is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set', 'listenerset-accepted-set'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition) => ({ ...condition, lastTransitionTime: epoch })),
    }),
  },
  {
    name: 'listener-set-status-write-storm',
    title: 'Statuses of ListenerSets are written again and again though nothing changed.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status'],
    hooks: storm('ListenerSet', (message) =>
      onSetConditions((condition) => (isOwn(condition) ? { ...condition, message } : condition)),
    ),
  },
  {
    name: 'foreign-conditions-of-listener-sets-dropped',
    title: 'Conditions that somebody else put on a ListenerSet are dropped.',
    clauses: ['status-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry) =>
        entry !== undefined || isOwn(condition) ? condition : undefined,
      ),
    }),
  },
  {
    name: 'listener-set-attached-routes-never-fall',
    title: 'attachedRoutes of listeners of ListenerSets does not go down when routes leave.',
    clauses: ['listenerset-attachedroutes', 'listener-attachedroutes-decrements'],
    layers: ['status'],
    hooks: () => {
      const most = new Map<string, number>();
      return {
        statuses: onEntryStatuses((entry, set) => {
          const id = `${keyOf(set)} ${String(set.metadata.creationTimestamp)} ${entry.name}`;
          const attachedRoutes = Math.max(entry.attachedRoutes, most.get(id) ?? 0);
          most.set(id, attachedRoutes);
          return { ...entry, attachedRoutes };
        }),
      };
    },
  },
];

/** Statuses of Gateways and policies that do not come to rest, and those of classes. */
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
  {
    name: 'class-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of classes is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set', 'class-accepted-true'],
    layers: ['status'],
    hooks: () => onClassConditions((condition) => ({ ...condition, lastTransitionTime: epoch })),
  },
  {
    name: 'foreign-conditions-of-classes-dropped',
    title: 'Conditions that somebody else put on a class are dropped.',
    clauses: ['status-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => onClassConditions((condition) => (isOwn(condition) ? condition : undefined)),
  },
];
