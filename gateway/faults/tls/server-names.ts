import { keyOf } from '../../../common/object-key.ts';
import type { Listener } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { mapListeners, onObjects, withListeners } from '../hooks/objects.ts';
import { listOf, onResources } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** HTTPS listeners that are edited or removed while others of their port stay. */
export const editedNames: readonly Fault[] = [
  {
    name: 'server-name-edit-unnoticed',
    title: 'An HTTPS listener whose hostname is edited goes on with the one that it had.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () =>
      besideFirst('gateways', (now, first) =>
        mapListeners(now, (listener) => {
          const before = first.spec.listeners?.find(({ name }) => name === listener.name);
          return listener.protocol !== 'HTTPS' ||
            before?.hostname === undefined ||
            listener.hostname === before.hostname
            ? listener
            : { ...listener, hostname: before.hostname };
        }),
      ),
  },
  {
    name: 'removed-server-name-served',
    title: 'An HTTPS listener that is removed goes on being served as long as its port has another one.',
    clauses: ['gateway-listener-removed'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () => {
      const known = new Map<string, Map<string, Listener>>();
      return {
        input: onObjects('gateways', (gateway) => {
          const listeners = gateway.spec.listeners ?? [];
          const all = known.get(keyOf(gateway)) ?? new Map<string, Listener>();
          known.set(keyOf(gateway), all);
          for (const listener of listeners) all.set(listener.name, listener);
          const gone = [...all.values()].filter(
            ({ name, port, protocol }) =>
              protocol === 'HTTPS' &&
              listeners.some((each) => each.port === port) &&
              !listeners.some((each) => each.name === name),
          );
          return gone.length === 0 ? gateway : withListeners(gateway, [...listeners, ...gone]);
        }),
      };
    },
  },
];

/** Server names that no listener has. */
export const unknownNames: readonly Fault[] = [
  {
    name: 'unknown-server-name-served',
    title: 'A client whose server name no HTTPS listener of the port has is served by one of them.',
    clauses: ['listener-hostname-https-sni-and-authority'],
    layers: ['routed', 'tls', 'connect'],
    hooks: () => ({
      xds: onResources('lds', (listener) => {
        const chains = listOf(listener['filter_chains']);
        const matchOf = (chain: Message): Message => (chain['filter_chain_match'] ?? {}) as Message;
        const namesOf = (chain: Message): unknown[] => (matchOf(chain)['server_names'] ?? []) as unknown[];
        const secure = chains.filter((chain) => chain['transport_socket'] !== undefined);
        const first = secure[0];
        if (first === undefined || secure.some((chain) => namesOf(chain).length === 0)) return;
        first['filter_chain_match'] = { ...matchOf(first), server_names: [] };
      }),
    }),
  },
];
