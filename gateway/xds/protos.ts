import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';
import type * as envoy from './envoy-types.ts';

/** Full message name to the type of its fields, as written in .proto files. */
interface Messages {
  'envoy.config.cluster.v3.Cluster': envoy.Cluster;
  'envoy.config.endpoint.v3.ClusterLoadAssignment': envoy.ClusterLoadAssignment;
  'envoy.config.listener.v3.Listener': envoy.Listener;
  'envoy.config.route.v3.FilterConfig': envoy.RouteFilterConfig;
  'envoy.config.route.v3.ScopedRouteConfiguration': envoy.ScopedRouteConfiguration;
  'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog': envoy.StdoutAccessLog;
  'envoy.extensions.filters.http.cors.v3.Cors': Record<string, never>;
  'envoy.extensions.filters.http.cors.v3.CorsPolicy': envoy.CorsPolicy;
  'envoy.extensions.filters.http.header_mutation.v3.HeaderMutation': envoy.HeaderMutation;
  'envoy.extensions.filters.http.lua.v3.Lua': envoy.Lua;
  'envoy.extensions.filters.http.lua.v3.LuaPerRoute': envoy.LuaPerRoute;
  'envoy.extensions.filters.http.router.v3.Router': envoy.Router;
  'envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec': Record<string, never>;
  'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector': Record<string, never>;
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager': envoy.HttpConnectionManager;
  'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation': envoy.EarlyHeaderMutation;
  'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext': envoy.DownstreamTlsContext;
  'envoy.extensions.transport_sockets.tls.v3.Secret': envoy.Secret;
  'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext': envoy.UpstreamTlsContext;
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': envoy.UpstreamHttpProtocolOptions;
}
export type MessageName = keyof Messages;

/** Only what is sent: the files and their imports parse in about 100 ms, all of Envoy's API takes seconds. */
const files = [
  'envoy/service/discovery/v3/discovery.proto',
  'envoy/config/listener/v3/listener.proto',
  'envoy/config/cluster/v3/cluster.proto',
  'envoy/config/endpoint/v3/endpoint.proto',
  'envoy/config/route/v3/scoped_route.proto',
  'envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
  'envoy/extensions/filters/http/router/v3/router.proto',
  'envoy/extensions/filters/http/cors/v3/cors.proto',
  'envoy/extensions/filters/http/lua/v3/lua.proto',
  'envoy/extensions/filters/http/header_mutation/v3/header_mutation.proto',
  'envoy/extensions/filters/http/upstream_codec/v3/upstream_codec.proto',
  'envoy/extensions/access_loggers/stream/v3/stream.proto',
  'envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector.proto',
  'envoy/extensions/transport_sockets/tls/v3/tls.proto',
  'envoy/extensions/upstreams/http/v3/http_protocol_options.proto',
  'envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation.proto',
];

const root = loadProtos();
const types = new Map<string, protobuf.Type>();

/** The protobuf type of that full name. @throws Error when no loaded file has it */
export function messageType(name: string): protobuf.Type {
  let type = types.get(name);
  if (type === undefined) {
    type = root.lookupType(name);
    types.set(name, type);
  }
  return type;
}

/** Encodes a message. Enum values may be names, fields that the type does not know are left out. */
export function encode<K extends MessageName>(name: K, message: Messages[K]): Uint8Array {
  const type = messageType(name);
  return type.encode(type.fromObject(message)).finish();
}

/** A google.protobuf.Any around the encoded message. */
export function pack<K extends MessageName>(
  name: K,
  message: Messages[K],
): { type_url: string; value: Uint8Array } {
  return { type_url: `type.googleapis.com/${name}`, value: encode(name, message) };
}

function loadProtos(): protobuf.Root {
  const require = createRequire(import.meta.url);
  const deps = join(dirname(require.resolve('@grpc/grpc-js-xds/package.json')), 'deps');
  const includeDirs = ['envoy-api', 'xds', 'googleapis'].map((dir) => join(deps, dir));
  const loading = new protobuf.Root();
  loading.resolvePath = (_origin, target) => {
    // null skips a file: annotations change no encoding.
    if (/^(validate|udpa\/annotations|envoy\/annotations|xds\/annotations)\//.test(target)) return null;
    const found = includeDirs.map((dir) => join(dir, target)).find((path) => existsSync(path));
    return found ?? null;
  };
  return loading.loadSync(files, { keepCase: true });
}
