/** Envoy's messages as TypeScript sees them: generated types where the package has them, written out where it has not. */
import type { HeaderValueOption } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/core/v3/HeaderValueOption.js';
import type { HttpConnectionManager } from '@grpc/grpc-js-xds/build/src/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.js';
import type { StringMatcher } from '@grpc/grpc-js-xds/build/src/generated/envoy/type/matcher/v3/StringMatcher.js';

export type { HeaderValueOption, StringMatcher };
export type { AccessLog } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/accesslog/v3/AccessLog.js';
export type { Cluster } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/cluster/v3/Cluster.js';
export type { ClusterLoadAssignment } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.js';
export type { ConfigSource } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/core/v3/ConfigSource.js';
export type { FilterChain } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/listener/v3/FilterChain.js';
export type { Listener } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/listener/v3/Listener.js';
export type { DirectResponseAction } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/DirectResponseAction.js';
export type { RedirectAction } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/RedirectAction.js';
export type { Route } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/Route.js';
export type { RouteAction } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/RouteAction.js';
export type { RouteConfiguration } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/RouteConfiguration.js';
export type { RouteMatch } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/RouteMatch.js';
export type { ScopedRouteConfiguration } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/ScopedRouteConfiguration.js';

export type { VirtualHost } from '@grpc/grpc-js-xds/build/src/generated/envoy/config/route/v3/VirtualHost.js';
export type { HttpConnectionManager };
export type { DownstreamTlsContext } from '@grpc/grpc-js-xds/build/src/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.js';
export type { Secret } from '@grpc/grpc-js-xds/build/src/generated/envoy/extensions/transport_sockets/tls/v3/Secret.js';
export type { SubjectAltNameMatcher } from '@grpc/grpc-js-xds/build/src/generated/envoy/extensions/transport_sockets/tls/v3/SubjectAltNameMatcher.js';
export type { UpstreamTlsContext } from '@grpc/grpc-js-xds/build/src/generated/envoy/extensions/transport_sockets/tls/v3/UpstreamTlsContext.js';

/** envoy.extensions.filters.http.cors.v3.CorsPolicy */
export interface CorsPolicy {
  allow_origin_string_match: StringMatcher[];
  /** These four are header values. */
  allow_methods: string;
  allow_headers: string;
  expose_headers: string;
  max_age: string;
  allow_credentials: { value: boolean };
}

/** envoy.extensions.filters.http.lua.v3.Lua */
export interface Lua {
  /** Without it only routes that name a script run one. */
  default_source_code?: { inline_string: string };
  source_codes: Record<string, { inline_string: string }>;
}

/** envoy.extensions.filters.http.lua.v3.LuaPerRoute */
export interface LuaPerRoute {
  /** One of Lua.source_codes. */
  name: string;
}

/** envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation */
export interface EarlyHeaderMutation {
  mutations: ({ append: HeaderValueOption } | { remove: string })[];
}

/** envoy.extensions.upstreams.http.v3.HttpProtocolOptions */
export interface UpstreamHttpProtocolOptions {
  explicit_http_config: { http_protocol_options: object } | { http2_protocol_options: object };
  /** Of requests on their way to the cluster, the codec last. */
  http_filters?: NonNullable<HttpConnectionManager['http_filters']>;
}

/** envoy.extensions.filters.http.header_mutation.v3.HeaderMutation */
export interface HeaderMutation {
  mutations: { response_mutations: { append: HeaderValueOption }[] };
}

/** envoy.config.route.v3.FilterConfig */
export interface RouteFilterConfig {
  disabled: boolean;
}

/** envoy.extensions.filters.http.router.v3.Router */
export interface Router {
  suppress_envoy_headers: boolean;
}

/** envoy.extensions.access_loggers.stream.v3.StdoutAccessLog */
export interface StdoutAccessLog {
  log_format: { json_format: object };
}
