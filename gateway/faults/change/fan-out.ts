import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrCluster, IrGateway, IrRoute } from '../../ir/ir.ts';
import type { ConfigMap, Gateway, GrpcRoute, RouteBackendRef } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { clusterOf, onGrpcRoutes, onTables } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { mapListeners, onGrpcRoutesWith, onObjectsWith, withParents } from '../hooks/objects.ts';
import { inPlaintext, toClusters } from '../hooks/plaintext.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

/** Those who waited for something, by its key; of those only the first is told when it comes. */
class Waiting {
  readonly #waiting = new Map<string, Set<string>>();

  /** Whether that one has not been told. An edit makes it another one. */
  misses(what: string, isThere: boolean, who: string): boolean {
    const all = this.#waiting.get(what) ?? new Set();
    this.#waiting.set(what, all);
    if (!isThere) all.add(who);
    return isThere && all.has(who) && who !== [...all].sort()[0];
  }
}

type Named = Parameters<typeof keyOf>[0];

const versionOf = (object: { metadata: GrpcRoute['metadata'] }): string =>
  `${keyOf(object)} ${object.metadata.generation}`;

const byKey = (left: Named, right: Named): number => (keyOf(left) < keyOf(right) ? -1 : 1);

/** Leads the chosen backendRefs nowhere. */
function misled(route: GrpcRoute, isMeant: (ref: RouteBackendRef) => boolean): GrpcRoute {
  const rules = mapSame(route.spec.rules ?? [], (rule) => {
    const refs = rule.backendRefs ?? [];
    const backendRefs = mapSame(refs, (ref) => (isMeant(ref) ? { ...ref, name: `${ref.name}-x` } : ref));
    return backendRefs === refs ? rule : { ...rule, backendRefs };
  });
  return rules === route.spec.rules ? route : { ...route, spec: { ...route.spec, rules } };
}

/** The Gateways that GRPCRoutes name, the first by name first. */
function gatewaysOf({ metadata, spec }: GrpcRoute): string[] {
  const keys = (spec.parentRefs ?? []).flatMap(
    ({ kind = 'Gateway', namespace = metadata.namespace, name }) =>
      kind === 'Gateway' ? objectKey(namespace, name) : [],
  );
  return [...new Set(keys)].sort();
}

/** Edits what later Gateways of a route serve of it; `first` is the first one. */
function onLaterGateways(
  edit: (gateway: IrGateway, isLater: (routeKey: string) => boolean) => IrGateway,
): FaultHooks {
  const first = new Map<string, string>();
  return {
    input: (input) => {
      for (const route of input.objects.grpcRoutes) {
        const [gateway = ''] = gatewaysOf(route);
        first.set(keyOf(route), gateway);
      }
      return input;
    },
    ir: (gateway) => edit(gateway, (routeKey) => (first.get(routeKey) ?? gateway.key) !== gateway.key),
  };
}

/** Adds clusters that something still needs. */
function withClusters(gateway: IrGateway, needed: Iterable<IrCluster>): IrGateway {
  const more = [...needed].filter(({ name }) => clusterOf(gateway, name) === undefined);
  return more.length === 0 ? gateway : { ...gateway, clusters: [...gateway.clusters, ...more] };
}

const clustersOf = (route: IrRoute, gateway: IrGateway): IrCluster[] =>
  route.action.type === 'forward'
    ? route.action.backends.flatMap(({ cluster = '' }) => clusterOf(gateway, cluster) ?? [])
    : [];

/** What several objects depend on, and only the first of them is told of. */
export const fanOut: readonly Fault[] = [
  {
    name: 'late-service-noticed-by-first-route-only',
    title: 'Of several routes whose Service is created after them only the first one is served.',
    clauses: ['backend-recovers', 'backend-service-forwarding'],
    layers,
    reference: 'projectcontour/contour#5476',
    hooks: () => {
      const waiting = new Waiting();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const there = new Set(objects.services.map(keyOf));
          return misled(route, ({ namespace = route.metadata.namespace, name, kind = 'Service' }) => {
            const key = objectKey(namespace, name);
            return kind === 'Service' && waiting.misses(key, there.has(key), versionOf(route));
          });
        }),
      };
    },
  },
  {
    name: 'grant-noticed-by-first-route-only',
    title:
      'Of several routes of a namespace that wait for a ReferenceGrant only the first one gets its backend.',
    clauses: ['refgrant-addition-enables', 'refgrant-grpcroute-core-kind'],
    layers,
    hooks: () => {
      const waiting = new Waiting();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const own = route.metadata.namespace ?? '';
          const granted = new Set(
            objects.referenceGrants.flatMap(({ metadata, spec }) =>
              spec.from.some(({ kind, namespace }) => kind === 'GRPCRoute' && namespace === own)
                ? (metadata.namespace ?? '')
                : [],
            ),
          );
          return misled(route, ({ namespace = own }) => {
            if (namespace === own) return false;
            return waiting.misses(`${own} ${namespace}`, granted.has(namespace), versionOf(route));
          });
        }),
      };
    },
  },
  {
    name: 'revocation-noticed-by-first-route-only',
    title: 'Of several routes whose ReferenceGrant is deleted only the first one loses its backend.',
    clauses: ['refgrant-removal-revokes', 'backend-cross-namespace-denied-unavailable'],
    layers,
    hooks: () => {
      const first = new Map<string, string>();
      const served = new Map<string, { route: IrRoute; clusters: IrCluster[] }>();
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes.toSorted(byKey))
            for (const { backendRefs = [] } of route.spec.rules ?? [])
              for (const { namespace = '', name } of backendRefs)
                if (namespace !== '' && namespace !== route.metadata.namespace) {
                  const target = `${route.metadata.namespace} ${namespace}/${name}`;
                  if (!first.has(target)) first.set(target, keyOf(route));
                }
          return input;
        },
        ir: (gateway) => {
          const needed = new Map<string, IrCluster>();
          const told = new Set(first.values());
          const edited = onGrpcRoutes((route) => {
            const id = `${gateway.key} ${route.name} ${route.generation}`;
            const clusters = clustersOf(route, gateway);
            if (clusters.length > 0) {
              served.set(id, { route, clusters });
              return route;
            }
            const kept = served.get(id);
            if (kept === undefined || told.has(route.source.key)) return route;
            for (const cluster of kept.clusters) needed.set(cluster.name, cluster);
            return { ...route, action: kept.route.action };
          })(gateway);
          return withClusters(edited, needed.values());
        },
      };
    },
  },
  {
    name: 'ca-noticed-by-first-policy-only',
    title: 'Of several policies with one CA only the first one follows what becomes of its ConfigMap.',
    clauses: ['btls-ca-content-reconciled', 'btls-ca-authenticates'],
    layers,
    hooks: () => {
      const seen = new Map<string, ConfigMap>();
      return {
        input: (input) => {
          for (const configMap of input.objects.configMaps)
            if (!seen.has(keyOf(configMap))) {
              const { metadata } = configMap;
              seen.set(keyOf(configMap), {
                ...configMap,
                metadata: { ...metadata, name: `${metadata.name}-x` },
              });
            }
          const first = new Map<string, string>();
          const policies = input.objects.backendTlsPolicies.toSorted(byKey);
          const backendTlsPolicies = policies.map((policy) => {
            const { caCertificateRefs } = policy.spec.validation;
            if (caCertificateRefs === undefined) return policy;
            const refs = caCertificateRefs.map((ref) => {
              const key = objectKey(policy.metadata.namespace, ref.name);
              if (!first.has(key)) first.set(key, keyOf(policy));
              return first.get(key) === keyOf(policy) || !seen.has(key)
                ? ref
                : { ...ref, name: `${ref.name}-x` };
            });
            const validation = { ...policy.spec.validation, caCertificateRefs: refs };
            return { ...policy, spec: { ...policy.spec, validation } };
          });
          const configMaps = [...input.objects.configMaps, ...seen.values()];
          return { ...input, objects: { ...input.objects, backendTlsPolicies, configMaps } };
        },
      };
    },
  },
  {
    name: 'late-gateway-noticed-by-first-route-only',
    title: 'Of several routes that were there before their Gateway only the first one is attached.',
    clauses: ['status-follows-gateway-change', 'parentref-attach-same-namespace'],
    layers: [...layers, 'connect'],
    hooks: () => {
      const waiting = new Waiting();
      return {
        input: onGrpcRoutesWith((route, { objects }) => {
          const there = new Set(objects.gateways.map(keyOf));
          return withParents(route, ({ kind = 'Gateway', namespace = route.metadata.namespace, name }) => {
            const key = objectKey(namespace, name);
            return kind !== 'Gateway' || !waiting.misses(key, there.has(key), versionOf(route));
          });
        }),
      };
    },
  },
  {
    name: 'late-certificate-reaches-first-listener-only',
    title: 'Of several listeners whose Secret is created after them only the first one is served.',
    clauses: ['tls-secret-recovers'],
    layers: [...layers, 'tls', 'programmed', 'connect'],
    hooks: () => {
      const waiting = new Waiting();
      const edit = (gateway: Gateway, { objects }: TranslateInput): Gateway => {
        const there = new Set(objects.secrets.map(keyOf));
        return mapListeners(gateway, (listener, index) => {
          const refs = listener.tls?.certificateRefs ?? [];
          const certificateRefs = mapSame(refs, (ref) => {
            const key = objectKey(ref.namespace ?? gateway.metadata.namespace, ref.name);
            const who = `${versionOf(gateway)} ${String(index).padStart(2, '0')}`;
            return waiting.misses(key, there.has(key), who) ? { ...ref, name: `${ref.name}-x` } : ref;
          });
          return certificateRefs === refs
            ? listener
            : { ...listener, tls: { ...listener.tls, certificateRefs } };
        });
      };
      return { input: onObjectsWith('gateways', edit) };
    },
  },
  {
    name: 'edits-reach-first-gateway-only',
    title: 'Edits of a route with several Gateways are served on the first of them only.',
    clauses: ['parentref-multiple-gateways-independent', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () => {
      const first = new Map<string, { route: IrRoute; clusters: IrCluster[] }>();
      return onLaterGateways((gateway, isLater) => {
        const needed = new Map<string, IrCluster>();
        const edited = onGrpcRoutes((route, { table, host }) => {
          if (!isLater(route.source.key)) return route;
          const id = `${gateway.key} ${table.id} ${host.hostname} ${route.name}`;
          const kept = first.get(id) ?? { route, clusters: clustersOf(route, gateway) };
          first.set(id, kept);
          for (const cluster of kept.clusters) needed.set(cluster.name, cluster);
          return kept.route;
        })(gateway);
        return withClusters(edited, needed.values());
      });
    },
  },
  {
    name: 'deletion-reaches-first-gateway-only',
    title: 'A route with several Gateways that is deleted goes on being served on all of them but the first.',
    clauses: ['grpcroute-delete-stops-traffic', 'parentref-multiple-gateways-independent'],
    layers,
    hooks: () => {
      const known = new Map<string, GrpcRoute>();
      return {
        input: (input) => {
          const now = new Set(input.objects.grpcRoutes.map(keyOf));
          for (const route of input.objects.grpcRoutes) known.set(keyOf(route), route);
          const gone = [...known.values()].flatMap((route): GrpcRoute[] => {
            const [first] = gatewaysOf(route);
            if (now.has(keyOf(route)) || first === undefined) return [];
            const { namespace: own } = route.metadata;
            const parentRefs = (route.spec.parentRefs ?? []).filter(
              ({ kind = 'Gateway', namespace = own, name }) =>
                kind === 'Gateway' && objectKey(namespace, name) !== first,
            );
            return parentRefs.length === 0 ? [] : [{ ...route, spec: { ...route.spec, parentRefs } }];
          });
          const grpcRoutes = [...input.objects.grpcRoutes, ...gone];
          return { ...input, objects: { ...input.objects, grpcRoutes } };
        },
      };
    },
  },
  {
    name: 'endpoints-reach-first-gateway-only',
    title: 'When the endpoints of a Service change, of the Gateways that call it only the first one notices.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    reference: 'envoyproxy/gateway#4685',
    hooks: () => {
      const first = new Map<string, IrCluster>();
      return onLaterGateways((gateway, isLater) => {
        const meant = new Set<string>();
        onGrpcRoutes((route) => {
          if (isLater(route.source.key)) for (const { name } of clustersOf(route, gateway)) meant.add(name);
          return route;
        })(gateway);
        const clusters = mapSame(gateway.clusters, (cluster) => {
          if (!meant.has(cluster.name)) return cluster;
          const id = `${gateway.key} ${cluster.name}`;
          const kept = first.get(id);
          if (kept !== undefined) return { ...cluster, endpoints: kept.endpoints };
          if (cluster.endpoints.length > 0) first.set(id, cluster);
          return cluster;
        });
        return clusters === gateway.clusters ? gateway : { ...gateway, clusters };
      });
    },
  },
  {
    name: 'rotation-reaches-first-gateway-only',
    title: 'A certificate that two Gateways present is replaced on the first of them only.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls', 'routed', 'connect'],
    hooks: () => {
      const homes = new Map<string, string>();
      const first = new Map<string, IrGateway['ports'][number]['tables'][number]['tls']>();
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.gateways)
            for (const { tls } of spec.listeners ?? [])
              for (const { namespace = metadata.namespace, name } of tls?.certificateRefs ?? []) {
                const secret = objectKey(namespace, name);
                const key = objectKey(metadata.namespace, metadata.name);
                const home = homes.get(secret) ?? key;
                homes.set(secret, key < home ? key : home);
              }
          return input;
        },
        ir: onTables((table, _port, gateway) => {
          const [certificate] = table.tls?.certificates ?? [];
          const home = homes.get(certificate?.name ?? '');
          if (table.tls === undefined || home === undefined || home === gateway.key) return table;
          const id = `${gateway.key} ${table.id} ${certificate?.name ?? ''}`;
          const tls = first.get(id) ?? table.tls;
          first.set(id, tls);
          return { ...table, tls };
        }),
      };
    },
  },
  {
    name: 'policy-in-force-for-first-route-only',
    title: 'Of several routes to a Service under a BackendTLSPolicy only the first one reaches it over TLS.',
    clauses: ['btls-union-with-grpcroute', 'btls-accepted-true'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const users = new Map<string, string>();
      return inPlaintext((route, twin, { gateway }) =>
        toClusters(route, (name) => {
          const id = `${gateway.key} ${name}`;
          if (!users.has(id)) users.set(id, route.source.key);
          return users.get(id) === route.source.key ? name : twin(name);
        }),
      );
    },
  },
];
