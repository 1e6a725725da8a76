import type { IrCluster, IrGateway } from '../../ir/ir.ts';
import { messageType } from '../../xds/protos.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { withLua } from '../hooks/lua.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
import { onObjects, onRules } from '../hooks/objects.ts';
import { editedAny, listOf, onResources, onRouteActions } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** A call whose rule has a mirror goes on when the mirror has answered, or after a minute. */
function waitsForMirrors(): FaultHooks {
  const { xds: inFront } = withLua(`function envoy_on_request(handle)
  local mirror = handle:metadata():get("mirror")
  if mirror == nil then return end
  local headers = {}
  for name, value in pairs(handle:headers()) do headers[name] = value end
  local body = handle:body()
  handle:httpCall(mirror, headers, body and body:getBytes(0, body:length()), 60000)
end`);
  const named = onRouteActions((action, route) => {
    const [mirror] = listOf(action['request_mirror_policies']);
    if (mirror === undefined) return;
    delete action['request_mirror_policies'];
    const own = { fields: { mirror: { stringValue: mirror['cluster'] } } };
    const { filter_metadata: others } = (route['metadata'] ?? {}) as { filter_metadata?: object };
    route['metadata'] = { filter_metadata: { ...others, 'routeproof.fault': own } };
  });
  const patient = onResources('cds', (cluster) => {
    cluster['connect_timeout'] = { seconds: 60 };
  });
  return { xds: (resource, key) => patient(named(inFront?.(resource, key) ?? resource)) };
}

const copyOf = (name: string): string => `${name}/copies`;
const mutationType = 'envoy.extensions.filters.http.header_mutation.v3.HeaderMutation';
const luaType = 'envoy.extensions.filters.http.lua.v3.Lua';
const codecType = 'envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec';

function filterOf(name: string, type: string, config: object): Message {
  const known = messageType(type);
  const value = known.encode(known.fromObject(config)).finish();
  return { name, typed_config: { type_url: `type.googleapis.com/${type}`, value } };
}

/** Mirrors go to clusters of their own, where copies pass that filter. */
function copiesThrough(filter: Message): FaultHooks {
  const withTwins = remembered((gateway: IrGateway): IrGateway => {
    const twins = gateway.clusters.map((cluster): IrCluster => ({ ...cluster, name: copyOf(cluster.name) }));
    return { ...gateway, clusters: [...gateway.clusters, ...twins] };
  });
  const remirrored = onGrpcRoutes((route) => ({
    ...route,
    mirrors: route.mirrors.map((mirror) => ({ ...mirror, cluster: copyOf(mirror.cluster) })),
  }));
  return {
    ir: (gateway) => withTwins(remirrored(gateway)),
    xds: onResources('cds', (cluster) => {
      if (!String(cluster['name']).endsWith(copyOf(''))) return;
      const extensions = cluster['typed_extension_protocol_options'] as Record<string, never>;
      for (const [name, any] of Object.entries(extensions))
        (extensions as Record<string, unknown>)[name] = editedAny(any, (options) => {
          options['http_filters'] = [filter, filterOf('envoy.filters.http.upstream_codec', codecType, {})];
        });
    }),
  };
}

const copiesWithout = (names: readonly string[]): FaultHooks =>
  copiesThrough(
    filterOf('envoy.filters.http.header_mutation', mutationType, {
      mutations: { request_mutations: names.map((remove) => ({ remove })) },
    }),
  );

/** Copies wait for the end of their call, and are thrown away where its messages are longer in all. */
const copiesUpTo = (bytes: number): FaultHooks =>
  copiesThrough(
    filterOf('envoy.filters.http.lua', luaType, {
      default_source_code: {
        inline_string: `function envoy_on_request(handle)
  local body = handle:body()
  if body ~= nil and body:length() > ${bytes} then handle:respond({[":status"] = "413"}, "") end
end`,
      },
    }),
  );

/** The clusters that calls go to themselves. */
function primariesOf(gateway: IrGateway): Set<string> {
  const routes = gateway.ports.flatMap(({ tables }) =>
    tables.flatMap(({ hosts }) => hosts.flatMap((host) => host.routes)),
  );
  return new Set(
    routes.flatMap(({ action, session }) =>
      [action, session?.pinned].flatMap((each) =>
        each?.type === 'forward' ? each.backends.flatMap(({ cluster }) => cluster ?? []) : [],
      ),
    ),
  );
}

/** Clusters that calls are copied to, and nothing else, keep the first endpoints that they have had. */
function keepsEndpointsOfMirrors(): FaultHooks {
  const known = new Map<string, IrCluster['endpoints']>();
  return {
    ir: remembered((gateway: IrGateway): IrGateway => {
      const primaries = primariesOf(gateway);
      const clusters = mapSame(gateway.clusters, (cluster) => {
        if (primaries.has(cluster.name)) return cluster;
        const endpoints = known.get(cluster.name) ?? cluster.endpoints;
        if (endpoints.length > 0) known.set(cluster.name, endpoints);
        return { ...cluster, endpoints };
      });
      return { ...gateway, clusters };
    }),
  };
}

/** What a mirror gets, and what it costs the call. */
export const mirrored: readonly Fault[] = [
  {
    name: 'calls-wait-for-mirrors',
    title: 'A call of a rule with a mirror waits until the mirror has answered.',
    clauses: ['filter-mirror-response-ignored'],
    layers,
    hooks: waitsForMirrors,
  },
  {
    name: 'copies-lose-metadata',
    title: 'Copies of calls reach their mirror without the metadata of the caller.',
    clauses: ['filter-mirror-copies-calls'],
    layers,
    hooks: () => copiesWithout(['x-text', 'x-data-bin']),
  },
  {
    name: 'copies-lose-binary-metadata',
    title: 'Copies of calls reach their mirror without the binary metadata of the caller.',
    clauses: ['filter-mirror-copies-calls'],
    layers,
    hooks: () => copiesWithout(['x-data-bin']),
  },
  {
    name: 'large-calls-not-copied',
    title: 'Calls whose messages are longer than 1 MiB in all are not copied.',
    clauses: ['filter-mirror-copies-large-calls'],
    layers,
    reference: 'envoyproxy/envoy#18364',
    hooks: () => copiesUpTo(1_048_576),
  },
  {
    name: 'endpoints-of-mirrors-kept',
    title: 'Copies of calls go on to the endpoints that a Service had first which is nothing but a mirror.',
    clauses: ['backend-endpoints-follow', 'filter-mirror-copies-calls'],
    layers,
    reference: 'envoyproxy/gateway#5495',
    hooks: keepsEndpointsOfMirrors,
  },
];

/** All calls, in percents. */
export const wholeMirrors: readonly Fault[] = [
  {
    name: 'mirror-of-hundred-percent-is-none',
    title: 'A mirror of 100 percent gets no calls.',
    clauses: ['filter-mirror-percent'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) => {
        const rules = (route.spec.rules ?? []).map((rule) => ({
          ...rule,
          ...(rule.filters && {
            filters: rule.filters.map((filter) =>
              filter.requestMirror?.percent === 100
                ? { ...filter, requestMirror: { ...filter.requestMirror, percent: 0 } }
                : filter,
            ),
          }),
        }));
        return { ...route, spec: { ...route.spec, rules } };
      }),
    }),
  },
];

const isSent = (path: string): boolean => /\/(Client|Bidi)Stream$/.test(path);

/** Streams that callers send. */
export const sentMirrors: readonly Fault[] = [
  {
    name: 'mirrors-skip-sent-streams',
    title: 'Mirrors get no copies of streams that their callers send.',
    clauses: ['filter-mirror-copies-calls'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.mirrors.length > 0 && isSent(route.match.path.value) ? { ...route, mirrors: [] } : route,
      ),
    }),
  },
  {
    name: 'mirrors-skip-bidi-streams',
    title: 'Mirrors get no copies of streams of both sides.',
    clauses: ['filter-mirror-copies-calls'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.mirrors.length > 0 && route.match.path.value.endsWith('/BidiStream')
          ? { ...route, mirrors: [] }
          : route,
      ),
    }),
  },
];

/** No calls, as a fraction. */
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
