import { keyOf } from '../../../common/object-key.ts';
import type { IrGateway, IrHost, IrTable } from '../../ir/ir.ts';
import type { Listener } from '../../translate/model/gateway-api.ts';
import { anyHost, compareSpecificity, covers, isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists, onHosts } from '../hooks/ir.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
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

/** Whether nothing is served at the hostname of a listener. */
const isVacant = ({ routes, fallThrough }: IrHost): boolean => routes.length === 0 && !fallThrough;

/** Wildcards of routes that end the search later than the hostname of their listener does. */
const beyondListeners = (host: IrHost, hosts: readonly IrHost[]): IrHost => {
  if (!isWildcard(host.hostname) || !host.fallThrough) return host;
  const wider = hosts
    .filter(({ hostname }) => hostname !== host.hostname && covers(hostname, host.hostname))
    .toSorted((left, right) => compareSpecificity(left.hostname, right.hostname));
  const end = wider.findIndex(({ fallThrough }) => !fallThrough);
  const others = wider
    .flatMap(({ routes }) => routes)
    .filter(({ source }) => source.kind !== 'Gateway')
    .map((route) => ({ ...route, name: `${route.name}/wide` }));
  return end === -1 ? host : { ...host, routes: [...host.routes, ...others] };
};

/** What stands for a listener in the tables of others. */
const isOfListener = ({ hostname, routes }: IrHost, serverName: string): boolean =>
  hostname === serverName && routes.every(({ source }) => source.kind === 'Gateway');

/** An HTTPS listener that no route is attached to is, to clients, the wider one of its port. */
function asWiderOne(table: IrTable, tables: readonly IrTable[]): IrTable {
  const { tls, hosts } = table;
  const { serverName = anyHost } = tls ?? {};
  const isServed = hosts.some(({ routes }) => routes.some(({ source }) => source.kind !== 'Gateway'));
  const [wider] = tables
    .filter((other) => other !== table && covers(other.tls?.serverName ?? anyHost, serverName))
    .toSorted((left, right) =>
      compareSpecificity(left.tls?.serverName ?? anyHost, right.tls?.serverName ?? anyHost),
    );
  if (isServed || tls === undefined || wider?.tls === undefined) return table;
  return {
    ...table,
    tls: { ...wider.tls, serverName },
    hosts: wider.hosts.filter((host) => !isOfListener(host, serverName)),
  };
}

const withVacantTablesAsWider = ({ ports, ...gateway }: IrGateway): IrGateway => ({
  ...gateway,
  ports: ports.map((port) => ({
    ...port,
    tables: port.tables.map((table) => asWiderOne(table, port.tables)),
  })),
});

/** Calls that no rule of their listener fits, at places of their own. */
export const narrowerInPart: readonly Fault[] = [
  {
    name: 'unmatched-call-leaves-listener',
    title:
      'A call that no rule of its wildcard hostname fits goes on to the wider listener, where that wildcard is narrower than its own listener’s.',
    clauses: ['listener-isolation-no-fallback', 'listener-isolation'],
    layers: ['routed', 'backend'],
    hooks: () => ({ ir: onHostLists((hosts) => mapSame(hosts, (host) => beyondListeners(host, hosts))) }),
  },
  {
    name: 'last-route-leaves-host-to-wider-listener',
    title: 'A listener that loses its last route leaves the calls of its host to the wider one of its port.',
    clauses: ['listener-isolation-no-fallback', 'listener-isolation'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const served = new Set<string>();
      return {
        ir: onHostLists((hosts, { gateway, table }) =>
          mapSame(hosts, (host) => {
            const id = `${gateway.key} ${table.id} ${host.hostname}`;
            if (!isVacant(host)) served.add(id);
            return isVacant(host) && served.has(id) ? undefined : host;
          }),
        ),
      };
    },
  },
  {
    name: 'vacant-https-listener-left-to-wider',
    title:
      'Handshakes and calls for the host of an HTTPS listener without routes go to the wider one of its port.',
    clauses: ['listener-isolation-no-fallback', 'listener-isolation', 'tls-longest-sni-certificate'],
    layers: ['routed', 'backend', 'tls'],
    hooks: () => ({ ir: remembered(withVacantTablesAsWider) }),
  },
  {
    name: 'vacant-wildcard-listener-left-to-wider',
    title:
      'A listener without routes leaves its calls to the wider one of its port, where its hostname is a wildcard.',
    clauses: ['listener-isolation-no-fallback', 'listener-isolation'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onHosts((host) => (isWildcard(host.hostname) && isVacant(host) ? undefined : host)),
    }),
  },
];
