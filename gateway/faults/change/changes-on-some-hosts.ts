import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { anyHost, isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists } from '../hooks/ir.ts';
import type { HostPlace } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const isHttps = ({ port }: HostPlace): boolean => port.protocol === 'HTTPS';

const isWildcardHost = ({ hostname }: IrHost): boolean => isWildcard(hostname);

/** What a host has at first is served as long as some of it is there, whatever generation it is of. */
function firstGeneration(isMeant: (host: IrHost, place: HostPlace) => boolean): FaultHooks {
  const first = new Map<string, IrRoute>();
  return {
    ir: onHostLists((hosts, place) =>
      hosts.map((host) => {
        if (!isMeant(host, place)) return host;
        const routes = host.routes.map((route) => {
          const id = `${place.gateway.key} ${place.table.id} ${host.hostname} ${route.name}`;
          if (route.source.kind !== 'GRPCRoute') return route;
          const kept = first.get(id) ?? route;
          first.set(id, kept);
          return kept;
        });
        return { ...host, routes };
      }),
    ),
  };
}

/** Hosts of deleted routes go on being served as they were last. */
function goneKept(isMeant: (host: IrHost, place: HostPlace) => boolean): FaultHooks {
  const known = new Map<string, Map<string, IrHost>>();
  return {
    ir: onHostLists((hosts, place) => {
      const id = `${place.gateway.key} ${place.table.id}`;
      const kept = known.get(id) ?? new Map<string, IrHost>();
      known.set(id, kept);
      const now = hosts.map((host) => {
        if (!isMeant(host, place)) return host;
        const before = kept.get(host.hostname);
        const served = host.routes.length === 0 && before !== undefined ? before : host;
        kept.set(host.hostname, served);
        return served;
      });
      const there = new Set(hosts.map(({ hostname }) => hostname));
      const gone = [...kept.values()].filter(({ hostname }) => !there.has(hostname));
      return gone.length === 0 ? now : [...now, ...gone];
    }),
  };
}

/** Edits and deletions that are not followed over TLS, or under a wildcard. */
export const changesInPart: readonly Fault[] = [
  {
    name: 'edits-unnoticed-on-https',
    title: 'On HTTPS listeners a route goes on being served as it was first written.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => firstGeneration((_host, place) => isHttps(place)),
  },
  {
    name: 'edits-unnoticed-under-wildcards',
    title: 'Under a wildcard hostname a route goes on being served as it was first written.',
    clauses: ['grpcroute-update-takes-effect', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => firstGeneration(isWildcardHost),
  },
  {
    name: 'deleted-route-served-on-https',
    title: 'On HTTPS listeners the last route of a hostname goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers,
    hooks: () => goneKept((_host, place) => isHttps(place)),
  },
  {
    name: 'deleted-route-served-under-wildcards',
    title: 'The last route of a wildcard hostname goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic', 'hostname-wildcard-route-suffix'],
    layers,
    hooks: () => goneKept(isWildcardHost),
  },
];

/** The deletion of a route that serves any host. */
export const hostlessDeletions: readonly Fault[] = [
  {
    name: 'deleted-hostless-route-served',
    title: 'A route without hostnames goes on being served when it is deleted.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers: ['routed', 'backend', 'connect'],
    hooks: () => {
      const known = new Map<string, IrHost>();
      return {
        ir: onHostLists((hosts, { gateway, table }) => {
          const id = `${gateway.key} ${table.id}`;
          const any = hosts.find(({ hostname }) => hostname === anyHost);
          const before = known.get(id);
          if (any !== undefined && any.routes.length > 0) known.set(id, any);
          else if (before !== undefined)
            return [...hosts.filter(({ hostname }) => hostname !== anyHost), before];
          return hosts;
        }),
      };
    },
  },
];
