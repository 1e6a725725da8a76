import { keyOf } from '../../../common/object-key.ts';
import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import { anyHost } from '../../translate/model/hostname.ts';
import { clustersOf } from '../../xds/forward-action.ts';
import type { Fault } from '../fault.ts';
import { onHostLists } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { onGrpcRoutesWith } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

/** What several routes use goes with the first of them. */
export const sharedByRoutes: readonly Fault[] = [
  {
    name: 'backends-go-with-a-route',
    title: 'The backends of a route that is deleted get no calls of other routes either.',
    clauses: ['grpcroute-multiple-routes-share-listener', 'backend-service-forwarding'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const known = new Map<string, Map<string, string[]>>();
      const lost = new Map<string, Set<string>>();
      return {
        ir: (ir) => {
          const now = new Map<string, string[]>();
          for (const { tables } of ir.ports)
            for (const { hosts } of tables)
              for (const { routes } of hosts)
                for (const route of routes) {
                  const id = `${route.source.kind} ${route.source.key}`;
                  now.set(id, [...(now.get(id) ?? []), ...clustersOf(route)]);
                }
          const gone = lost.get(ir.key) ?? new Set<string>();
          for (const [id, clusters] of known.get(ir.key) ?? [])
            if (!now.has(id)) for (const cluster of clusters) gone.add(cluster);
          known.set(ir.key, now);
          lost.set(ir.key, gone);
          if (gone.size === 0) return ir;
          return { ...ir, clusters: ir.clusters.filter(({ name }) => !gone.has(name)) };
        },
      };
    },
  },
  {
    name: 'host-of-deleted-route-refused',
    title: 'A hostname whose last route is deleted is refused, though a wildcard hostname has a rule for it.',
    clauses: ['grpcroute-multiple-routes-share-listener', 'precedence-nonwildcard-hostname-longest'],
    layers: ['routed'],
    hooks: () => {
      const known = new Map<string, Set<string>>();
      return {
        ir: onHostLists((hosts, { gateway, table }) => {
          const id = `${gateway.key} ${table.id}`;
          const before = known.get(id) ?? new Set<string>();
          known.set(id, before);
          const names = new Set(hosts.map(({ hostname }) => hostname));
          for (const name of names) if (name !== anyHost && !name.startsWith('*')) before.add(name);
          const gone = [...before].filter((hostname) => !names.has(hostname));
          return gone.length === 0
            ? hosts
            : [...hosts, ...gone.map((hostname) => ({ hostname, routes: [], fallThrough: false }))];
        }),
      };
    },
  },
  {
    name: 'hostname-goes-with-a-route-that-leaves',
    title: 'A hostname that a route is edited to leave is not served for other routes that have it either.',
    clauses: ['grpcroute-multiple-routes-share-listener', 'grpcroute-update-takes-effect'],
    layers: ['routed'],
    hooks: () => {
      const known = new Map<string, readonly string[]>();
      /** By route and generation: an edit of its own helps it. */
      const lost = new Map<string, Set<string>>();
      const idOf = (route: GrpcRoute): string => `${keyOf(route)} ${route.metadata.generation}`;
      return unseen((input) => {
        const { grpcRoutes } = input.objects;
        for (const route of grpcRoutes) {
          const hostnames = route.spec.hostnames ?? [];
          const left = (known.get(keyOf(route)) ?? []).filter((hostname) => !hostnames.includes(hostname));
          known.set(keyOf(route), hostnames);
          for (const other of left.length === 0 ? [] : grpcRoutes)
            if (other !== route) lost.set(idOf(other), new Set([...(lost.get(idOf(other)) ?? []), ...left]));
        }
        return onGrpcRoutesWith((route) => {
          const hostnames = route.spec.hostnames ?? [];
          const kept = mapSame(hostnames, (name) =>
            lost.get(idOf(route))?.has(name) === true ? undefined : name,
          );
          if (kept === hostnames) return route;
          return kept.length === 0 ? undefined : { ...route, spec: { ...route.spec, hostnames: [...kept] } };
        })(input);
      });
    },
  },
];
