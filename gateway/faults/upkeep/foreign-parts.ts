import { deepEqual } from '../../translate/memory/memo.ts';
import type { PolicyAncestorStatus, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onEntryStatuses } from '../hooks/listener-sets.ts';
import {
  isOfOurs,
  onAncestors,
  onGatewayStatuses,
  onListenerStatuses,
  onRouteStatuses,
  statusHook,
} from '../hooks/statuses.ts';

/** Which entries of other controllers a route keeps whose status is written. */
function keeping(
  stays: (
    entry: RouteParentStatus,
    own: RouteParentStatus[],
    controllerName: string,
    place: number,
  ) => boolean,
): FaultHooks {
  return {
    statuses: onRouteStatuses(({ parents }, _route, _update, { controllerName }) => {
      const own = parents.filter((entry) => entry.controllerName === controllerName);
      const foreign = parents.filter((entry) => !own.includes(entry));
      return {
        parents: parents.filter(
          (entry) => own.includes(entry) || stays(entry, own, controllerName, foreign.indexOf(entry)),
        ),
      };
    }),
  };
}

const clauses = ['status-foreign-entries-untouched'];
const layers: Fault['layers'] = ['status'];

/** What others have written beside what is ours, and looks like it. */
export const foreignParts: readonly Fault[] = [
  {
    name: 'foreign-entry-of-own-parent-dropped',
    title: 'An entry of another controller for a parent that has one of ours is dropped.',
    clauses,
    layers,
    hooks: () =>
      keeping((entry, own) => own.every(({ parentRef }) => !deepEqual(parentRef, entry.parentRef))),
  },
  {
    name: 'foreign-entry-of-longer-name-dropped',
    title: 'Entries of controllers whose names begin with ours are dropped.',
    clauses,
    layers,
    hooks: () => keeping((entry, _own, name) => !entry.controllerName.startsWith(name)),
  },
  {
    name: 'foreign-entries-beyond-sixteen-dropped',
    title: 'Of more than sixteen entries of other controllers the rest is dropped.',
    clauses,
    layers,
    hooks: () => keeping((_entry, _own, _name, place) => place < 16),
  },
  {
    name: 'foreign-entries-go-with-last-own',
    title: 'The entries of other controllers go with the last one of ours.',
    clauses,
    layers,
    hooks: () => keeping((_entry, own) => own.length > 0),
  },
  {
    name: 'foreign-ancestor-of-own-gateway-dropped',
    title: 'In the status of a policy, an entry of another controller for a Gateway of ours is dropped.',
    clauses: ['btls-ancestor-foreign-kept'],
    layers,
    hooks: () => ({
      statuses: statusHook((update, _policy, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const { ancestors } = update.status;
        const isOwn = (entry: PolicyAncestorStatus): boolean => entry.controllerName === controllerName;
        const own = ancestors.filter(isOwn).map(({ ancestorRef }) => ancestorRef);
        const kept = ancestors.filter(
          (entry) => isOwn(entry) || !own.some((ref) => deepEqual(ref, entry.ancestorRef)),
        );
        return { ...update, status: { ancestors: kept } };
      }),
    }),
  },
  {
    name: 'foreign-conditions-of-listeners-dropped',
    title: 'Conditions that somebody else put on a listener of a Gateway are dropped.',
    clauses: ['gateway-foreign-conditions-kept'],
    layers,
    hooks: () => ({
      statuses: onListenerStatuses((listener) => ({
        ...listener,
        conditions: listener.conditions.filter(isOfOurs),
      })),
    }),
  },
  {
    name: 'foreign-conditions-dropped-with-flip',
    title: 'Conditions that somebody else put on a Gateway are dropped when one of ours flips.',
    clauses: ['gateway-foreign-conditions-kept'],
    layers,
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const { conditions = [] } = status;
        const flips = conditions.some(({ type, status: now }) =>
          gateway.status?.conditions?.some((before) => before.type === type && before.status !== now),
        );
        return flips ? { ...status, conditions: conditions.filter(isOfOurs) } : status;
      }),
    }),
  },
  {
    name: 'foreign-conditions-of-set-entries-dropped',
    title: 'Conditions that somebody else put on a listener of a ListenerSet are dropped.',
    clauses: ['status-foreign-conditions-kept'],
    layers,
    hooks: () => ({
      statuses: onEntryStatuses((entry) => ({ ...entry, conditions: entry.conditions.filter(isOfOurs) })),
    }),
  },
  {
    name: 'foreign-conditions-of-policies-dropped',
    title: 'Conditions that somebody else put on our entry of a policy are dropped.',
    clauses: ['status-foreign-conditions-kept'],
    layers,
    hooks: () => ({
      statuses: onAncestors((entry) => ({ ...entry, conditions: entry.conditions.filter(isOfOurs) })),
    }),
  },
];
