import type { Listener } from '../../translate/model/gateway-api.ts';
import { Translator } from '../../translate/translator.ts';
import type { Fault } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { onEntries } from '../hooks/listener-sets.ts';
import { onObjects } from '../hooks/objects.ts';
import {
  inListedOrder,
  ofListenerSet,
  ofNamed,
  onRoutesNamed,
  withEqualWeights,
  withoutHeaderEdits,
  withoutHeaders,
} from '../hooks/places.ts';
import { onParents } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Routes of ListenerSets, which do not get all that others do. */
export const listenerSetRoutes: readonly Fault[] = [
  {
    name: 'headers-ignored-on-listener-sets',
    title: 'Header matches of routes of ListenerSets are not looked at.',
    clauses: ['listenerset-serves-traffic'],
    layers,
    hooks: () => onRoutesNamed(ofListenerSet, withoutHeaders),
  },
  {
    name: 'filters-ignored-on-listener-sets',
    title: 'Filters of routes of ListenerSets do nothing.',
    clauses: ['listenerset-serves-traffic'],
    layers,
    hooks: () => onRoutesNamed(ofListenerSet, withoutHeaderEdits),
  },
  {
    name: 'listener-set-entry-generation-stale',
    title: 'The entry of a route for a ListenerSet keeps the generation that it was first written for.',
    clauses: ['listenerset-route-parentref', 'status-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent) =>
        parent.parentRef.kind === 'ListenerSet' && parent.conditions !== undefined
          ? { ...parent, conditions: parent.conditions.map((each) => ({ ...each, observedGeneration: 1 })) }
          : parent,
      ),
    }),
  },
];

/** Routes of a ListenerSet with several listeners. */
export const firstOfSetOnly: readonly Fault[] = [
  {
    name: 'first-listener-of-set-only',
    title: 'Of the listeners of a ListenerSet only the first is served, and all say that they are.',
    clauses: ['listenerset-serves-traffic', 'listenerset-route-no-section-all'],
    layers: ['routed', 'connect', 'tls', 'programmed'],
    hooks: () => {
      const healthy = new Translator();
      return {
        input: onObjects('listenerSets', (set) => ({
          ...set,
          spec: { ...set.spec, listeners: (set.spec.listeners ?? []).slice(0, 1) },
        })),
        statuses: (_, input) => healthy.translate(input).statuses,
      };
    },
  },
];

/** ListenerSets whose listeners do not get all that those of Gateways do. */
export const listenerSetReach: readonly Fault[] = [
  {
    name: 'listener-set-routes-selector-ignored',
    title:
      'A listener of a ListenerSet that selects the namespaces of its routes takes those of every namespace.',
    clauses: ['listenerset-allowed-routes-namespaces', 'listener-namespaces-selector'],
    layers: ['status', ...layers],
    hooks: () => ({
      input: onEntries((listener): Listener =>
        listener.allowedRoutes?.namespaces?.from === 'Selector'
          ? { ...listener, allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'All' } } }
          : listener,
      ),
    }),
  },
  {
    name: 'listener-sets-ask-for-no-client-certificates',
    title: 'HTTPS listeners of ListenerSets admit clients whom those of their Gateway turn away.',
    clauses: ['tls-frontend-default-all-https', 'tls-frontend-no-client-cert-rejected'],
    layers: ['tls', 'connect', ...layers],
    hooks: () => {
      const hostnames = new Set<string>();
      return {
        input: (input) => {
          for (const { spec } of input.objects.listenerSets)
            for (const { hostname, protocol } of spec.listeners ?? [])
              if (protocol === 'HTTPS' && hostname !== undefined) hostnames.add(hostname);
          return input;
        },
        ir: onTables((table) => {
          if (table.tls?.serverName === undefined || !hostnames.has(table.tls.serverName)) return table;
          const { clientValidation: _clientValidation, ...tls } = table.tls;
          return { ...table, tls };
        }),
      };
    },
  },
];

/** What routes of ListenerSets order and share out. */
export const partlyServedOfSets: readonly Fault[] = [
  {
    name: 'order-of-listing-on-listener-sets',
    title: 'Of a route of a ListenerSet the first rule in the listing that fits takes the call.',
    clauses: ['listenerset-serves-traffic', 'precedence-not-listing-order'],
    layers,
    hooks: () => ofNamed(ofListenerSet, inListedOrder),
  },
  {
    name: 'weights-ignored-on-listener-sets',
    title: 'All backends of a rule get the same share where their route is one of a ListenerSet.',
    clauses: ['listenerset-serves-traffic', 'weight-proportional'],
    layers,
    hooks: () => ofNamed(ofListenerSet, withEqualWeights),
  },
];
