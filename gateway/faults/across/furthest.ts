import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { anyHost, covers, normalHostname } from '../../translate/hostname.ts';
import type { Listener } from '../../translate/gateway-api.ts';
import type { Objects } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes, onHostLists, onHosts, placeInRoute, unmatchable } from '../hooks/ir.ts';
import { onRequests } from '../hooks/lua.ts';
import { mapSame } from '../hooks/memo.ts';
import { mapListeners, onObjects, onObjectsWith, uidOf } from '../hooks/objects.ts';
import { onTlsContexts } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Matches that are as long as the CRD allows. */
export const longestMatches: readonly Fault[] = [
  {
    name: 'header-value-beyond-one-kib-never-matches',
    title: 'An Exact match on a header value of more than 1,024 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.length > 1024) }),
  },
  {
    name: 'header-value-cut-after-one-kib',
    title: 'Of an Exact header value the first 1,024 characters are compared.',
    clauses: ['header-exact-value', 'header-exact-whole-value'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => ({
        ...route,
        match: {
          ...route.match,
          headers: route.match.headers.map((header) =>
            header.match.type === 'exact' && header.match.value.length > 1024
              ? { ...header, match: { type: 'prefix' as const, value: header.match.value.slice(0, 1024) } }
              : header,
          ),
        },
      })),
    }),
  },
  {
    name: 'header-name-beyond-128-never-matches',
    title: 'A match on a header whose name has more than 128 characters takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ name }) => name.length > 128) }),
  },
  {
    name: 'method-beyond-512-unserved',
    title: 'Matches on service and method of more than 512 characters together take no call.',
    clauses: ['method-exact-service-and-method'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes(({ ...route }) =>
        route.match.path.type === 'exact' && route.match.path.value.length > 512 ? undefined : route,
      ),
    }),
  },
];

const sameMatch = (left: IrRoute, right: IrRoute): boolean =>
  left.source.key === right.source.key && JSON.stringify(left.match) === JSON.stringify(right.match);

/** Ranks that are right as long as few rules, or no patterns, have to be ranked. */
export const fartherRanks: readonly Fault[] = [
  {
    name: 'tenth-rule-before-second',
    title:
      'Rules of one route with the same match are ordered by their numbers as text, so the tenth comes before the second.',
    clauses: ['precedence-first-rule-in-route'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => {
        const textOf = (route: IrRoute): string => String(placeInRoute(route).rule);
        const routes = host.routes.map((route) => {
          const group = host.routes.filter((other) => sameMatch(other, route));
          const ordered = group.toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
          return group.length < 2 ? route : (ordered[group.indexOf(route)] ?? route);
        });
        return { ...host, routes };
      }),
    }),
  },
  {
    name: 'patterns-do-not-rank',
    title: 'Where the number of header matches decides only the Exact ones count.',
    clauses: ['precedence-header-count'],
    layers: ['routed'],
    hooks: () => ({
      ir: onHosts((host) => {
        const isPattern = (header: IrRoute['match']['headers'][number]): boolean =>
          header.match.type === 'regex' && !header.name.startsWith(':');
        const rankOf = ({ match, source }: IrRoute): string =>
          JSON.stringify([source.key, match.path, match.headers.filter((each) => !isPattern(each)).length]);
        const written = (route: IrRoute): number =>
          placeInRoute(route).rule * 1000 + placeInRoute(route).match;
        const routes = host.routes.map((route) => {
          const group = host.routes.filter((other) => rankOf(other) === rankOf(route));
          if (!group.some(({ match }) => match.headers.some(isPattern))) return route;
          const ordered = group.toSorted((left, right) => written(left) - written(right));
          return ordered[group.indexOf(route)] ?? route;
        });
        return { ...host, routes };
      }),
    }),
  },
];

/** Hosts that are not the same over TLS. */
export const hostnamesOverTls: readonly Fault[] = [
  {
    name: 'upper-case-refused-on-https',
    title: 'The letter case of :authority matters on HTTPS listeners.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed', 'http2', 'tls'],
    hooks: () =>
      onRequests(`local host = handle:headers():get(":authority") or ""
  if handle:connection():ssl() ~= nil and string.find(host, "%u") then
    handle:respond({[":status"] = "404"}, "")
  end`),
  },
];

/** Certificates that are not looked at as closely, or as often, as they should. */
export const certificateLimits: readonly Fault[] = [
  {
    name: 'expired-clients-admitted',
    title: 'Clients whose certificate has expired are admitted.',
    clauses: ['tls-frontend-expired-client-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      xds: onTlsContexts((context) => {
        const { validation_context: validation } = context['common_tls_context'] as Message;
        if (validation !== undefined) (validation as Message)['allow_expired_certificate'] = true;
      }),
    }),
  },
  {
    name: 'client-ca-of-port-read-once',
    title: 'The CA that a Gateway names for the clients of one port is read once and never again.',
    clauses: ['tls-frontend-perport-overrides', 'tls-frontend-wrong-ca-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => {
      const first = new Map<string, Objects['configMaps'][number]>();
      return {
        input: onObjectsWith('configMaps', (configMap, { objects }) => {
          const isOfPort = objects.gateways.some(({ metadata, spec }) =>
            (spec.tls?.frontend?.perPort ?? [])
              .flatMap(({ tls }) => tls?.validation?.caCertificateRefs ?? [])
              .some(
                ({ namespace = metadata.namespace, name }) => objectKey(namespace, name) === keyOf(configMap),
              ),
          );
          if (!isOfPort) return configMap;
          const kept = first.get(keyOf(configMap)) ?? configMap;
          first.set(keyOf(configMap), kept);
          return kept;
        }),
      };
    },
  },
  {
    name: 'renewed-certificate-grant-unnoticed',
    title: 'A ReferenceGrant for certificates that is deleted and made again permits nothing.',
    clauses: ['tls-cross-namespace-grant-named', 'refgrant-addition-enables'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: onObjects('referenceGrants', (grant) => {
          if (!grant.spec.to.some(({ kind }) => kind === 'Secret')) return grant;
          const uid = uidOf(grant);
          if (!first.has(keyOf(grant))) first.set(keyOf(grant), uid);
          return first.get(keyOf(grant)) === uid ? grant : undefined;
        }),
      };
    },
  },
];

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
