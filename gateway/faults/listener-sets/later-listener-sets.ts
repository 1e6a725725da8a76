import { keyOf } from '../../../common/object-key.ts';
import type {
  Condition,
  Gateway,
  ListenerSet,
  ListenerStatus,
  RouteGroupKind,
} from '../../translate/model/gateway-api.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { onEntries, onEntryStatuses, onSetConditions, onSetStatuses } from '../hooks/listener-sets.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { isOfOurs } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'connect'];

const takesGrpcRoutes = (kinds: RouteGroupKind[] | undefined): boolean =>
  kinds === undefined || kinds.some(({ kind }) => kind === 'GRPCRoute');

/** ListenerSets whose listeners, parents or surroundings change. */
export const laterListenerSets: readonly Fault[] = [
  {
    name: 'listener-set-allowed-kinds-ignored',
    title: 'A listener of a ListenerSet that allows HTTPRoutes only takes GRPCRoutes.',
    clauses: ['parentref-kind-not-allowed', 'status-notallowedbylisteners'],
    layers,
    hooks: () => ({
      input: onEntries((listener) => {
        if (takesGrpcRoutes(listener.allowedRoutes?.kinds)) return listener;
        const { kinds: _kinds, ...allowedRoutes } = listener.allowedRoutes ?? {};
        return { ...listener, allowedRoutes };
      }),
    }),
  },
  {
    name: 'listener-set-edit-unnoticed',
    title: 'Edits of the listeners of a ListenerSet change nothing.',
    clauses: [
      'listenerset-serves-traffic',
      'listenerset-hostname-semantics',
      'listenerset-conflict-released',
    ],
    layers,
    hooks: () =>
      besideEarlier<'listenerSets', ListenerSet>('listenerSets', (set, first = set) => ({
        edited: { ...set, spec: first.spec },
        keep: first,
      })),
  },
  {
    name: 'listener-set-allowed-routes-edit-unnoticed',
    title:
      'A listener of a ListenerSet goes on taking the routes that it took at first when its allowedRoutes are edited.',
    clauses: [
      'status-follows-gateway-change',
      'parentref-kind-not-allowed',
      'listenerset-allowed-routes-namespaces',
    ],
    layers,
    hooks: () =>
      besideFirst('listenerSets', (set, first) => {
        const listeners = (set.spec.listeners ?? []).map((listener) => {
          const before = first.spec.listeners?.find(({ name }) => name === listener.name);
          const { allowedRoutes: _now, ...rest } = listener;
          const { allowedRoutes } = before ?? listener;
          return { ...rest, ...(allowedRoutes && { allowedRoutes }) };
        });
        return { ...set, spec: { ...set.spec, listeners } };
      }),
  },
  {
    name: 'listener-set-supported-kinds-frozen',
    title: 'The supported kinds of a listener of a ListenerSet stay as they were first written.',
    clauses: ['listener-supportedkinds-restricted', 'listenerset-supportedkinds-grpcroute'],
    layers: ['status'],
    hooks: () => {
      const first = new Map<string, ListenerStatus['supportedKinds']>();
      return {
        statuses: onEntryStatuses((entry, set) => {
          const id = `${String(uidOf(set))} ${entry.name}`;
          if (!first.has(id)) first.set(id, entry.supportedKinds);
          return { ...entry, supportedKinds: first.get(id) ?? [] };
        }),
      };
    },
  },
  {
    name: 'listener-set-added-listener-unserved',
    title: 'A listener that is added to a ListenerSet is not served.',
    clauses: ['listenerset-serves-traffic'],
    layers,
    hooks: () =>
      besideEarlier<'listenerSets', ReadonlySet<string>>('listenerSets', (set, before) => {
        const listeners = set.spec.listeners ?? [];
        const keep = before ?? new Set(listeners.map(({ name }) => name));
        return {
          edited: {
            ...set,
            spec: { ...set.spec, listeners: listeners.filter(({ name }) => keep.has(name)) },
          },
          keep,
        };
      }),
  },
  {
    name: 'listener-set-late-gateway-unnoticed',
    title: 'A ListenerSet that was there before its Gateway is not attached.',
    clauses: ['listenerset-accepted-set', 'listenerset-serves-traffic'],
    layers,
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const gateways = new Set(input.objects.gateways.map(keyOf));
          for (const set of input.objects.listenerSets)
            if (!gateways.has(parentKeyOf(set) ?? '')) missed.add(keyOf(set));
          const listenerSets = input.objects.listenerSets.filter((set) => !missed.has(keyOf(set)));
          return { ...input, objects: { ...input.objects, listenerSets } };
        },
      };
    },
  },
  {
    name: 'moved-listener-set-unserved',
    title: 'A ListenerSet that is edited to name another Gateway is not served there.',
    clauses: ['listenerset-serves-traffic'],
    layers: ['programmed', 'routed', 'connect'],
    hooks: () => {
      const first = new Map<string | undefined, string | undefined>();
      return unseen(
        onObjects('listenerSets', (set) => {
          const id = uidOf(set);
          if (!first.has(id)) first.set(id, parentKeyOf(set));
          return first.get(id) === parentKeyOf(set) ? set : undefined;
        }),
      );
    },
  },
  {
    name: 'entry-conditions-stay-at-their-place',
    title:
      "When a listener of a ListenerSet comes in front of others, conditions of somebody else's stay at their place in the list.",
    clauses: ['status-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetStatuses((status, set) => {
        const stored = set.status?.listeners ?? [];
        const listeners = status.listeners?.map((entry, place) => ({
          ...entry,
          conditions: [
            ...entry.conditions.filter(isOfOurs),
            ...(stored[place]?.conditions ?? []).filter((condition) => !isOfOurs(condition)),
          ],
        }));
        return { ...status, ...(listeners && { listeners }) };
      }),
    }),
  },
  {
    name: 'listener-set-permission-edit-unnoticed',
    title:
      'A Gateway goes on taking the ListenerSets that it took at first when it is edited to take others.',
    clauses: ['listenerset-from-none', 'listenerset-from-same', 'listenerset-attached-count-follows'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Gateway>('gateways', (gateway, first = gateway) => {
        const { allowedListeners: _now, ...spec } = gateway.spec;
        const { allowedListeners } = first.spec;
        return {
          edited: { ...gateway, spec: { ...spec, ...(allowedListeners && { allowedListeners }) } },
          keep: first,
        };
      }),
  },
  {
    name: 'listener-set-own-generation-stale',
    title: 'The conditions of a ListenerSet itself keep the generation that they were first written for.',
    clauses: ['listenerset-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry): Condition =>
        entry === undefined ? { ...condition, observedGeneration: 1 } : condition,
      ),
    }),
  },
  {
    name: 'listener-set-namespace-labels-frozen',
    title: 'Which ListenerSets a Gateway selects does not follow the labels of their namespaces.',
    clauses: ['listenerset-from-selector', 'listenerset-attached-count-follows'],
    layers,
    hooks: () => {
      const first = new Map<string, Record<string, string>>();
      const names = new Set<string>();
      return {
        input: (input) => {
          for (const { metadata } of input.objects.listenerSets) names.add(metadata.namespace ?? '');
          return onObjects('namespaces', (namespace) => {
            const { name, labels = {} } = namespace.metadata;
            const kept = first.get(name) ?? labels;
            first.set(name, kept);
            return names.has(name)
              ? { ...namespace, metadata: { ...namespace.metadata, labels: kept } }
              : namespace;
          })(input);
        },
      };
    },
  },
];
