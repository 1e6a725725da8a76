import { fromAds } from './ads-source.ts';
import { corsFilter } from './cors.ts';
import type { HttpConnectionManager } from './envoy-types.ts';
import { failureLog } from './failure-log.ts';
import { duration } from './forward-action.ts';
import { http2Options } from './http2-options.ts';
import { pack } from './protos.ts';
import { withoutPort, withoutPortScript } from './redirect-action.ts';
import { scopeHeader, scopeKey } from './scope.ts';
import { pinHeader, sessionFilter, sessionScriptName } from './session.ts';
import { sessionScript } from './session-script.ts';

/**
 * What serves the connections of one table. It depends on the table's id only: routes come as scopes, one for each exact
 * hostname, found by a header that holds table and authority (docs/decisions/scoped-routes.md).
 */
export function connectionManager(tableId: string): HttpConnectionManager {
  return {
    stat_prefix: tableId,
    // HTTP/1.1, HTTP/2 by ALPN, or HTTP/2 with prior knowledge (h2c).
    codec_type: 'AUTO',
    scoped_routes: {
      name: 'routes',
      rds_config_source: fromAds,
      scope_key_builder: {
        fragments: [{ header_value_extractor: { name: scopeHeader, element_separator: ':', index: 0 } }],
      },
      scoped_rds: { scoped_rds_config_source: fromAds },
    },
    early_header_mutation_extensions: [
      {
        name: 'envoy.http.early_header_mutation.header_mutation',
        typed_config: pack('envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation', {
          mutations: [
            // Which backend a session has is told by its token alone.
            { remove: pinHeader },
            {
              append: {
                header: { key: scopeHeader, value: scopeKey(tableId, '%REQ(:AUTHORITY)%') },
                append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
              },
            },
          ],
        }),
      },
    ],
    http_filters: [
      {
        // First, so that no other filter sees a request whose route is not final.
        name: 'envoy.filters.http.lua',
        typed_config: pack('envoy.extensions.filters.http.lua.v3.Lua', {
          default_source_code: { inline_string: fallbackScript(tableId) },
          source_codes: { [withoutPort]: { inline_string: withoutPortScript } },
        }),
      },
      // Does something on routes that name a policy only.
      { name: corsFilter, typed_config: pack('envoy.extensions.filters.http.cors.v3.Cors', {}) },
      {
        // Does something on routes with sessions only. After the fallback: the rule is chosen before its token is looked at.
        name: sessionFilter,
        typed_config: pack('envoy.extensions.filters.http.lua.v3.Lua', {
          source_codes: { [sessionScriptName]: { inline_string: sessionScript } },
        }),
      },
      {
        name: 'envoy.filters.http.router',
        typed_config: pack('envoy.extensions.filters.http.router.v3.Router', {
          suppress_envoy_headers: true,
        }),
      },
    ],
    ...edgeSettings(),
  };
}

function edgeSettings(): Partial<HttpConnectionManager> {
  return {
    use_remote_address: { value: true },
    // No client is internal: x-envoy-* headers of a request must not steer timeouts and retries.
    internal_address_config: { cidr_ranges: [{ address_prefix: '0.0.0.0', prefix_len: { value: 32 } }] },
    server_header_transformation: 'PASS_THROUGH',
    // Costs CPU on each call, and nothing here reads it.
    generate_request_id: { value: false },
    normalize_path: { value: true },
    strip_trailing_host_dot: true,
    // Per gRPC route it is off; this is for HTTP requests that hang.
    stream_idle_timeout: duration(300_000),
    request_headers_timeout: duration(60_000),
    // After GOAWAY, time for calls that were already on their way.
    drain_timeout: duration(5000),
    http2_protocol_options: http2Options,
    access_log: failureLog(),
    upgrade_configs: [{ upgrade_type: 'websocket' }],
  };
}

/**
 * Runs when the exact hostname has no route for the request: tries the hostname in lower case, then the wildcards.
 * Every route has a name, so an empty one says "no route yet". h:metadata() makes Envoy look the route up again.
 */
function fallbackScript(tableId: string): string {
  return `
function envoy_on_request(handle)
  local info = handle:streamInfo()
  if info:routeName() ~= "" then return end
  local headers = handle:headers()
  local host = headers:get(":authority") or ""
  local lower = string.lower(host)
  if lower ~= host then
    headers:replace("${scopeHeader}", "${scopeKey(tableId, '')}" .. lower)
    handle:clearRouteCache()
    handle:metadata()
    if info:routeName() ~= "" then return end
  end
  headers:replace("${scopeHeader}", "${scopeKey(tableId, '*')}")
  handle:clearRouteCache()
end`;
}
