import { keyOf, objectKey } from '../../../common/object-key.ts';
import { anyHost } from '../../translate/hostname.ts';
import type { GrpcRoute } from '../../translate/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { clustersOf } from '../../xds/forward-action.ts';
import { onHostLists } from '../hooks/ir.ts';
import { onGrpcRoutesWith, onRules } from '../hooks/objects.ts';
import { mapSame } from '../hooks/memo.ts';
import { unseen } from '../hooks/unseen.ts';
import { listOf, onResources } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** What several objects use goes with the first of them. */
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

/** Keys that were named once, and by somebody who is gone. */
function forgetting(): (named: ReadonlyMap<string, readonly string[]>) => Set<string> {
  const known = new Map<string, readonly string[]>();
  const lost = new Set<string>();
  return (named) => {
    for (const [id, keys] of known) if (!named.has(id)) for (const key of keys) lost.add(key);
    known.clear();
    for (const [id, keys] of named) known.set(id, keys);
    return lost;
  };
}

export const sharedByListeners: readonly Fault[] = [
  {
    name: 'certificate-goes-with-a-listener',
    title: 'The certificate of a listener that is removed is not presented by other listeners either.',
    clauses: ['tls-terminate-secret', 'gateway-listener-removed'],
    layers: ['tls', 'connect'],
    hooks: () => {
      const forgotten = forgetting();
      return unseen((input) => {
        const named = new Map(
          input.objects.gateways.flatMap((gateway) =>
            (gateway.spec.listeners ?? []).map(({ name, tls }) => [
              `${keyOf(gateway)} ${name}`,
              (tls?.certificateRefs ?? []).map((ref) =>
                objectKey(ref.namespace ?? gateway.metadata.namespace, ref.name),
              ),
            ]),
          ),
        );
        const lost = forgotten(named);
        const secrets = input.objects.secrets.filter((secret) => !lost.has(keyOf(secret)));
        return { ...input, objects: { ...input.objects, secrets } };
      });
    },
  },
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

export const sharedByPolicies: readonly Fault[] = [
  {
    name: 'ca-goes-with-a-policy',
    title: 'The CA of a policy that is deleted is missing for other policies as well.',
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => {
      const forgotten = forgetting();
      return unseen((input) => {
        const named = new Map(
          input.objects.backendTlsPolicies.map((policy) => [
            keyOf(policy),
            (policy.spec.validation.caCertificateRefs ?? []).map(({ name }) =>
              objectKey(policy.metadata.namespace, name),
            ),
          ]),
        );
        const lost = forgotten(named);
        const configMaps = input.objects.configMaps.filter((configMap) => !lost.has(keyOf(configMap)));
        return { ...input, objects: { ...input.objects, configMaps } };
      });
    },
  },
];

export const noFractions: readonly Fault[] = [
  {
    name: 'mirror-of-no-fraction-is-all',
    title: 'A mirror with a fraction of 0 gets every call.',
    clauses: ['filter-mirror-fraction'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule) => {
        const filters = rule.filters ?? [];
        const edited = mapSame(filters, (filter) =>
          filter.requestMirror?.fraction?.numerator === 0
            ? { ...filter, requestMirror: { backendRef: filter.requestMirror.backendRef } }
            : filter,
        );
        return edited === filters ? rule : { ...rule, filters: edited };
      }),
    }),
  },
];
