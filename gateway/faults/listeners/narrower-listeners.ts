import { keyOf } from '../../../common/object-key.ts';
import type { IrHost } from '../../ir/ir.ts';
import type { Listener } from '../../translate/model/gateway-api.ts';
import { anyHost, covers } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { mapListeners, onObjects } from '../hooks/objects.ts';

/** Listeners that come later have none of the hosts that earlier ones of their port have. */
function narrowerTooLate(isMeant: (listener: Listener) => boolean): FaultHooks {
  const first = new Map<string, Set<string>>();
  return {
    input: onObjects('gateways', (gateway) => {
      const names = (gateway.spec.listeners ?? []).map(({ name }) => name);
      const known = first.get(keyOf(gateway)) ?? new Set(names);
      first.set(keyOf(gateway), known);
      const earlier = (gateway.spec.listeners ?? []).filter(({ name }) => known.has(name));
      return mapListeners(gateway, (listener) => {
        const { name, port, hostname = '*' } = listener;
        if (known.has(name) || !isMeant(listener)) return listener;
        const isCovered = earlier.some(
          (each) => each.port === port && covers(each.hostname ?? '*', hostname) && each.name !== name,
        );
        return isCovered ? { ...listener, hostname: 'nobody.invalid' } : listener;
      });
    }),
  };
}

/** Hosts of which nothing is served are looked at as long as a table is new. */
function vacantTooLate(): FaultHooks {
  const first = new Map<string, Set<string>>();
  return {
    ir: onHostLists((hosts, { gateway, table }) => {
      const id = `${gateway.key} ${table.id}`;
      const known = first.get(id) ?? new Set(hosts.map(({ hostname }) => hostname));
      first.set(id, known);
      return mapSame(hosts, (host) =>
        host.routes.length === 0 && !known.has(host.hostname) ? undefined : host,
      );
    }),
  };
}

/** Listeners that come later. */
export const narrowerLater: readonly Fault[] = [
  {
    name: 'narrower-listener-comes-too-late',
    title: 'A listener that a Gateway gets later takes no calls where one of its port has its host already.',
    clauses: ['listener-hostname-most-specific', 'gateway-listener-added'],
    layers: ['routed', 'connect', 'tls'],
    hooks: () => narrowerTooLate(() => true),
  },
  {
    name: 'narrower-https-listener-comes-too-late',
    title:
      'An HTTPS listener that a Gateway gets later takes neither handshakes nor calls where one of its port has its host already.',
    clauses: ['listener-hostname-most-specific', 'tls-longest-sni-certificate', 'gateway-listener-added'],
    layers: ['routed', 'connect', 'tls'],
    hooks: () => narrowerTooLate(({ protocol }) => protocol === 'HTTPS'),
  },
  {
    name: 'narrower-vacant-listener-comes-too-late',
    title:
      'A listener without routes that a Gateway gets later leaves the calls of its host to the wider one of its port.',
    clauses: ['listener-isolation', 'listener-isolation-no-fallback'],
    layers: ['routed', 'backend'],
    hooks: vacantTooLate,
  },
];

/** Hosts of listeners that are gone, which a wider one of their port has as well. */
export const narrowerGone: readonly Fault[] = [
  {
    name: 'narrower-https-listener-gone-host-lost',
    title:
      'When an HTTPS listener goes, the wider one of its port goes on answering 421 to calls for its host.',
    clauses: ['listener-hostname-most-specific', 'gateway-listener-removed'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => {
      const known = new Map<string, Map<string, IrHost>>();
      return {
        ir: onHostLists((hosts, { gateway, table }) => {
          const id = `${gateway.key} ${table.id}`;
          const before = known.get(id) ?? new Map<string, IrHost>();
          known.set(id, before);
          for (const host of hosts)
            if (
              host.routes.some(({ source }) => source.kind === 'Gateway') &&
              covers(table.tls?.serverName ?? anyHost, host.hostname)
            )
              before.set(host.hostname, host);
          const names = new Set(hosts.map(({ hostname }) => hostname));
          const gone = [...before.values()].filter(({ hostname }) => !names.has(hostname));
          return gone.length === 0 ? hosts : [...hosts, ...gone];
        }),
      };
    },
  },
];
