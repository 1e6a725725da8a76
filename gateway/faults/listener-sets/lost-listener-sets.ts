import { keyOf } from '../../../common/object-key.ts';
import type { ListenerSet } from '../../translate/model/gateway-api.ts';
import { anyHost, covers, normalHostname } from '../../translate/model/hostname.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { Fault } from '../fault.ts';
import { acceptedForGood } from '../hooks/accepted-for-good.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { onHostLists } from '../hooks/ir.ts';
import { onSetStatuses } from '../hooks/listener-sets.ts';
import { onObjectsWith } from '../hooks/objects.ts';
import { onParents } from '../hooks/statuses.ts';

/** ListenerSets that move to another Gateway. */
export const movedListenerSets: readonly Fault[] = [
  {
    name: 'moved-listener-set-stays',
    title: 'A ListenerSet that is edited to name another Gateway stays with the one that it had.',
    clauses: ['listenerset-accepted-set', 'listenerset-serves-traffic', 'listenerset-attached-count-follows'],
    layers: ['status', 'routed', 'connect'],
    hooks: () =>
      besideFirst('listenerSets', (now, first) =>
        parentKeyOf(now) === parentKeyOf(first)
          ? now
          : { ...now, spec: { ...now.spec, parentRef: first.spec.parentRef } },
      ),
  },
];

/** A ListenerSet whose Gateway is lost. */
export const setAcceptedForGood: Fault = {
  name: 'listener-set-accepted-for-good',
  title: 'A ListenerSet that was accepted stays so when its Gateway is not accepted any more.',
  clauses: ['listenerset-parent-not-accepted'],
  layers: ['status'],
  hooks: () => acceptedForGood('ListenerSet'),
};

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

/** ListenerSets that their Gateway does not take any more, or does not take at all. */
export const refusedSets: readonly Fault[] = [
  {
    name: 'lost-label-counts-for-listener-sets',
    title: 'A label that the namespace of a ListenerSet loses goes on counting for it.',
    clauses: ['listenerset-from-selector', 'listenerset-attached-count-follows'],
    layers,
    hooks: () => {
      const had = new Map<string, Record<string, string>>();
      return {
        input: onObjectsWith('namespaces', (namespace, { objects }) => {
          const { name, labels = {} } = namespace.metadata;
          const isMeant = ({ metadata }: ListenerSet): boolean => metadata.namespace === name;
          if (!objects.listenerSets.some(isMeant)) return namespace;
          const all = { ...had.get(name), ...labels };
          had.set(name, all);
          return Object.keys(all).length === Object.keys(labels).length
            ? namespace
            : { ...namespace, metadata: { ...namespace.metadata, labels: all } };
        }),
      };
    },
  },
  {
    name: 'route-of-refused-listener-set-accepted',
    title: 'A route of a ListenerSet that the Gateway does not take is Accepted, and not served.',
    clauses: ['parentref-no-listener-accepts-detached'],
    layers,
    hooks: () => ({
      statuses: onParents((parent) => ({
        ...parent,
        ...(parent.conditions && {
          conditions: parent.conditions.map((condition) =>
            parent.parentRef.kind === 'ListenerSet' &&
            condition.type === 'Accepted' &&
            condition.message.includes('is not attached')
              ? ({ ...condition, status: 'True', reason: 'Accepted', message: 'all is well' } as const)
              : condition,
          ),
        }),
      })),
    }),
  },
];

/** ListenerSets that are deleted. */
export const setsGone: readonly Fault[] = [
  {
    name: 'host-of-gone-listener-set-lost',
    title: 'The host of a ListenerSet that goes is refused, though a listener of its Gateway has it as well.',
    clauses: ['listenerset-hostname-semantics'],
    layers: ['routed'],
    hooks: () => {
      const known = new Map<string, string[]>();
      const gone = new Set<string>();
      return {
        input: (input) => {
          const sets = new Map(
            input.objects.listenerSets.map(({ spec, ...set }) => [
              keyOf(set),
              (spec.listeners ?? []).map(({ hostname }) => normalHostname(hostname)),
            ]),
          );
          for (const [key, hostnames] of known)
            if (!sets.has(key)) for (const hostname of hostnames) gone.add(hostname);
          known.clear();
          for (const [key, hostnames] of sets) {
            known.set(key, hostnames);
            for (const hostname of hostnames) gone.delete(hostname);
          }
          return input;
        },
        // Made anew each time: what is gone changes without the hosts.
        ir: (gateway) =>
          onHostLists((hosts) => {
            const lost = [...gone].filter(
              (name) =>
                !hosts.some(({ hostname }) => hostname === name) &&
                hosts.some(({ hostname }) => hostname !== anyHost && covers(hostname, name)),
            );
            return lost.length === 0
              ? hosts
              : [...hosts, ...lost.map((hostname) => ({ hostname, routes: [], fallThrough: false }))];
          })(gateway),
      };
    },
  },
];

/** Entries of ListenerSets that their Gateway does not take any more. */
export const entriesOfRefused: readonly Fault[] = [
  {
    name: 'refused-listener-set-keeps-entries',
    title: 'The listeners of a ListenerSet that its Gateway does not take any more are Programmed as before.',
    clauses: ['listenerset-refused-entries-not-programmed'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetStatuses((status, set) => {
        const isRefused = status.conditions?.some(({ reason }) => reason === 'NotAllowed') === true;
        const stored = set.status?.listeners;
        return isRefused && stored !== undefined ? { ...status, listeners: stored } : status;
      }),
    }),
  },
];
