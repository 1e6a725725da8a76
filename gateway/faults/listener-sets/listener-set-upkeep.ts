import { keyOf } from '../../../common/object-key.ts';
import type { Fault } from '../fault.ts';
import { onEntryStatuses, onSetConditions } from '../hooks/listener-sets.ts';
import { epoch } from '../hooks/statuses.ts';
import { moves, returns, stays } from '../hooks/transition-times.ts';
import { isOwn, storm } from '../hooks/write-storms.ts';

/** How statuses of ListenerSets are kept over time. */
export const setUpkeep: readonly Fault[] = [
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

const stable = ['status-lasttransitiontime-stable'];

const onFlip = ['status-lasttransitiontime-on-flip'];

const layers: Fault['layers'] = ['status'];

/** lastTransitionTime of ListenerSets and their listeners. */
export const setTimes: readonly Fault[] = [
  {
    name: 'listener-set-transition-times-move',
    title: 'lastTransitionTime of ListenerSets and their listeners moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('ListenerSet'),
  },
  {
    name: 'listener-set-transition-times-stay',
    title:
      'lastTransitionTime of ListenerSets and their listeners stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('ListenerSet'),
  },
  {
    name: 'listener-set-own-times-stay',
    title:
      'lastTransitionTime of ListenerSets, unlike that of their listeners, stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('ListenerSet', (_condition, level) => level === 'object'),
  },
  {
    name: 'listener-set-condition-gets-old-time-back',
    title:
      'lastTransitionTime of ListenerSets and their listeners is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('ListenerSet'),
  },
];
