import type { XdsResource } from '../../xds/resource.ts';
import type { IrTable } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { withoutDrainTime } from '../hooks/deployment.ts';
import { drop, lastOfRepeated, onEnd, onRequests, onResponses, withLua } from '../hooks/lua.ts';
import { editedAny, onConnectionManagers, onResources, onRouteActions, onXdsRoutes } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** Sends the body of streaming calls twice, which is each message twice. */
function doubled(direction: 'request' | 'response'): string {
  const double = `local body = handle:body()
  if body == nil then return end
  local bytes = body:getBytes(0, body:length())
  body:setBytes(bytes .. bytes)`;
  const note = 'handle:streamInfo():dynamicMetadata():set("routeproof.fault", "stream", isStream)';
  const isStream = 'local isStream = string.find(handle:headers():get(":path") or "", "Stream") ~= nil';
  if (direction === 'request')
    return `function envoy_on_request(handle)
  ${isStream}
  if not isStream then return end
  ${double}
end`;
  return `function envoy_on_request(handle)
  ${isStream}
  ${note}
end
function envoy_on_response(handle)
  local known = handle:streamInfo():dynamicMetadata():get("routeproof.fault")
  if known == nil or not known["stream"] then return end
  ${double}
end`;
}

/** Edits how HTTP is spoken to all backends (HttpProtocolOptions). */
const onBackendHttp = (edit: (options: Message) => void): ((resource: XdsResource) => XdsResource) =>
  onResources('cds', (cluster) => {
    const extensions = cluster['typed_extension_protocol_options'] as Record<string, never>;
    for (const [name, any] of Object.entries(extensions))
      (extensions as Record<string, unknown>)[name] = editedAny(any, edit);
  });

/** What happens to a call on its way, whichever rule took it. */
export const protocol: readonly Fault[] = [
  {
    name: 'custom-trailers-dropped',
    title: 'Trailing metadata does not reach the caller.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers: ['trailers', 'backend'],
    reference: 'traefik/traefik#4181',
    hooks: () => onEnd(drop('t', 'string.sub(name, 1, 2) == "x-"')),
  },
  {
    name: 'trailers-dropped',
    title: 'Trailers, the status among them, do not reach the caller.',
    clauses: ['backend-trailers-delivered', 'grpc-status-intact'],
    layers: ['trailers', 'backend', 'routed', 'http2'],
    reference: 'lexfrei/cloudflare-tunnel-gateway-controller#359',
    hooks: () =>
      withLua(`function envoy_on_response(handle)
  local t = handle:trailers()
  if t == nil then return end
  t:remove("grpc-status")
end`),
  },
  {
    name: 'grpc-message-dropped',
    title: 'The message of a status does not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers: ['trailers', 'backend'],
    reference: 'envoyproxy/envoy#22688',
    hooks: () => onEnd('t:remove("grpc-message")'),
  },
  {
    name: 'status-details-dropped',
    title: 'The details of a status do not reach the caller.',
    clauses: ['grpc-status-intact', 'grpc-metadata-intact'],
    layers: ['trailers', 'backend'],
    hooks: () => onEnd('t:remove("grpc-status-details-bin")'),
  },
  {
    name: 'status-remapped',
    title: 'Statuses of the backend other than OK reach the caller as UNKNOWN.',
    clauses: ['grpc-status-intact'],
    layers: ['trailers', 'backend'],
    reference: 'nginx/nginx-gateway-fabric#1837',
    hooks: () =>
      onEnd(`local s = t:get("grpc-status")
  if s ~= nil and s ~= "0" and s ~= "12" and s ~= "14" then t:replace("grpc-status", "2") end`),
  },
  {
    name: 'one-status-remapped',
    title: 'ABORTED of the backend reaches the caller as UNAVAILABLE.',
    clauses: ['grpc-status-intact'],
    layers: ['trailers', 'backend'],
    hooks: () => onEnd('if t:get("grpc-status") == "10" then t:replace("grpc-status", "14") end'),
  },
  {
    name: 'binary-metadata-dropped',
    title: 'Binary metadata does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => onRequests(drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'repeated-metadata-dropped',
    title: 'Of metadata with several values only the last reaches the backend.',
    clauses: ['grpc-metadata-intact'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => onRequests(lastOfRepeated),
  },
  {
    name: 'response-headers-dropped',
    title: 'Initial metadata of the backend does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers: ['trailers', 'backend', 'routed'],
    hooks: () =>
      withLua(`function envoy_on_response(handle)
  ${drop('handle:headers()', 'string.sub(name, 1, 2) == "x-"')}
end`),
  },
  {
    name: 'requests-held-back',
    title:
      'Messages of the caller are held back until it has finished, and calls that it cancels are never made.',
    clauses: ['streaming-messages-not-held-back', 'grpc-cancellation-propagated'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => withLua('function envoy_on_request(handle) handle:body() end'),
  },
  {
    name: 'answers-held-back',
    title: 'Messages of the backend are held back until it has finished.',
    clauses: ['streaming-messages-not-held-back'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => withLua('function envoy_on_response(handle) handle:body() end'),
  },
  {
    name: 'messages-limited',
    title: 'Calls with more than 1 MiB of messages fail.',
    clauses: ['grpc-large-messages'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () =>
      withLua(`function envoy_on_request(handle)
  local body = handle:body()
  if body ~= nil and body:length() > 1048576 then handle:respond({[":status"] = "413"}, "too large") end
end`),
  },
  {
    name: 'message-encoding-dropped',
    title: 'The header that names how messages are compressed does not reach the backend.',
    clauses: ['grpc-compressed-messages'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => onRequests('handle:headers():remove("grpc-encoding")'),
  },
  {
    name: 'answer-encoding-dropped',
    title: 'The header that names how messages of an answer are compressed does not reach the caller.',
    clauses: ['grpc-compressed-messages'],
    layers: ['backend', 'trailers'],
    hooks: () => onResponses('handle:headers():remove("grpc-encoding")'),
  },
  {
    name: 'readable-encodings-dropped',
    title: 'The header that says which compressed messages a backend can read does not reach the caller.',
    clauses: ['grpc-compressed-messages'],
    layers: ['backend', 'trailers'],
    hooks: () => onResponses('handle:headers():remove("grpc-accept-encoding")'),
  },
  {
    name: 'requests-doubled',
    title: 'Messages of the caller reach the backend twice in a stream.',
    clauses: ['streaming-messages-in-order'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => withLua(doubled('request')),
  },
  {
    name: 'answers-doubled',
    title: 'Messages of the backend reach the caller twice in a stream.',
    clauses: ['streaming-messages-in-order'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => withLua(doubled('response')),
  },
  {
    name: 'cut-after-half-close',
    title: 'A call is cut off 50 ms after its caller has finished sending.',
    clauses: ['streaming-half-close', 'streaming-no-time-limit'],
    layers: ['backend', 'routed', 'trailers'],
    reference: 'envoyproxy/gateway#5446',
    hooks: () => ({
      xds: onRouteActions((action) => {
        action['timeout'] = { nanos: 50_000_000 };
        // Where this one is set, Envoy does not look at the other.
        delete action['max_stream_duration'];
      }),
    }),
  },
  {
    name: 'route-timeout-15s',
    title: 'A call is cut off after 15 seconds.',
    clauses: ['streaming-no-time-limit'],
    layers: ['backend', 'routed', 'trailers'],
    reference: 'envoyproxy/gateway#5446',
    hooks: () => ({
      xds: onRouteActions((action) => {
        action['timeout'] = { seconds: 15 };
        delete action['max_stream_duration'];
      }),
    }),
  },
  {
    name: 'silent-stream-cut-after-10s',
    title: 'A stream that is silent for 10 seconds is cut off.',
    clauses: ['streaming-no-time-limit'],
    layers: ['backend', 'routed', 'trailers'],
    reference: 'projectcontour/contour#7075',
    hooks: () => ({
      xds: onRouteActions((action) => {
        action['idle_timeout'] = { seconds: 10 };
      }),
    }),
  },
  {
    name: 'streams-cut-after-10s',
    title: 'A stream is cut off after 10 seconds, whatever goes on in it.',
    clauses: ['streaming-no-time-limit'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['common_http_protocol_options'] = { max_stream_duration: { seconds: 10 } };
      }),
    }),
  },
  {
    name: 'streams-cut-after-200ms',
    title: 'A stream is cut off after 200 milliseconds, whatever goes on in it and around it.',
    clauses: ['streaming-half-close', 'streaming-no-time-limit', 'streaming-survives-route-change'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['common_http_protocol_options'] = { max_stream_duration: { nanos: 200_000_000 } };
      }),
    }),
  },
  {
    name: 'deadline-dropped',
    title: 'The deadline of a call does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onXdsRoutes((route) => ({
        ...route,
        request_headers_to_remove: [
          ...((route['request_headers_to_remove'] ?? []) as string[]),
          'grpc-timeout',
        ],
      })),
    }),
  },
  {
    name: 'failed-calls-retried',
    title: 'Calls that the backend has answered with an error are made again.',
    clauses: ['grpc-no-unasked-retry'],
    layers: ['backend', 'routed', 'trailers'],
    reference: 'linkerd/linkerd2#14050',
    hooks: () => ({
      xds: onRouteActions((action) => {
        action['retry_policy'] = {
          retry_on: 'cancelled,deadline-exceeded,internal,resource-exhausted,unavailable,5xx,gateway-error',
          num_retries: { value: 2 },
        };
      }),
    }),
  },
  {
    name: 'few-streams-at-once',
    title: 'More than ten streams at once on a connection are refused or wait.',
    clauses: ['streaming-concurrent-calls'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['http2_protocol_options'] = { max_concurrent_streams: { value: 10 } };
      }),
    }),
  },
  {
    name: 'ten-calls-to-a-backend',
    title: 'A backend gets ten calls at once; more are refused.',
    clauses: ['streaming-concurrent-calls'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => ({
      xds: onResources('cds', (cluster) => {
        const limit = { value: 10 };
        cluster['circuit_breakers'] = {
          thresholds: [{ max_requests: limit, max_pending_requests: limit, max_connections: { value: 1 } }],
        };
      }),
    }),
  },
  {
    name: 'streams-beyond-one-connection-wait',
    title: 'A backend gets one connection: calls beyond those that it takes on that wait.',
    clauses: ['backend-few-streams-further-connections'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    reference: 'envoyproxy/envoy#2941',
    hooks: () => ({
      xds: onResources('cds', (cluster) => {
        const noLimit = { value: 1_000_000 };
        const limits = { max_requests: noLimit, max_pending_requests: noLimit, max_retries: noLimit };
        cluster['circuit_breakers'] = { thresholds: [{ ...limits, max_connections: { value: 1 } }] };
      }),
    }),
  },
  {
    name: 'h2c-refused',
    title: 'HTTP listeners speak HTTP/1.1 only, and look healthy.',
    clauses: ['grpcroute-http-h2c-prior-knowledge'],
    layers: ['http2', 'connect', 'routed', 'tls'],
    reference: 'Kong/kubernetes-ingress-controller#4273',
    hooks: () => ({
      xds: onConnectionManagers((manager, tableId) => {
        if (tableId.startsWith('http-')) manager['codec_type'] = 'HTTP1';
      }),
    }),
  },
  {
    name: 'backends-over-http1',
    title: 'HTTP/1.1 is spoken to gRPC backends.',
    clauses: ['backend-appprotocol-h2c-grpcroute', 'backend-appprotocol-honoured'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => ({
      xds: onBackendHttp((options) => {
        options['explicit_http_config'] = { http_protocol_options: {} };
      }),
    }),
  },
  {
    name: 'unread-streams-stop-others',
    title:
      'A few streams that nobody reads take the whole window of a connection to the backend, and all others wait.',
    clauses: ['streaming-concurrent-calls'],
    layers: ['backend', 'routed', 'trailers', 'http2'],
    hooks: () => ({
      xds: onBackendHttp((options) => {
        const window = { value: 65_535 };
        const limits = { initial_stream_window_size: window, initial_connection_window_size: window };
        options['explicit_http_config'] = { http2_protocol_options: limits };
      }),
    }),
  },
  {
    name: 'backends-pinged-each-second',
    title: 'Each connection to a backend is pinged every second, also while nothing is said on it.',
    clauses: ['grpc-backend-pings-tolerable'],
    layers: ['backend', 'http2'],
    reference: 'golang/go#70575',
    hooks: () => ({
      xds: onBackendHttp((options) => {
        const { http2_protocol_options: http2 } = options['explicit_http_config'] as Message;
        if (http2 !== undefined)
          (http2 as Message)['connection_keepalive'] = { interval: { seconds: 1 }, timeout: { seconds: 5 } };
      }),
    }),
  },
  {
    name: 'goaway-missing',
    title: 'Connections to a listener that is taken away are cut at once, calls and all, without GOAWAY.',
    clauses: ['connection-goaway-before-close'],
    layers: ['connect', 'http2'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => ({ proxyObjects: withoutDrainTime }),
  },
  {
    name: 'goaway-missing-in-the-clear',
    title: 'Connections to a port without TLS that is taken away are cut at once, without GOAWAY.',
    clauses: ['connection-goaway-port-removed'],
    layers: ['connect', 'http2'],
    reference: 'envoyproxy/envoy#14350',
    hooks: () => {
      const known = new Map<string, Map<string, IrTable>>();
      return {
        proxyObjects: withoutDrainTime,
        // Tables with TLS stay, so that only others are cut.
        ir: (gateway) => ({
          ...gateway,
          ports: gateway.ports.map((port) => {
            if (port.protocol !== 'HTTPS') return port;
            const id = `${gateway.key} ${port.port}`;
            const tables = known.get(id) ?? new Map<string, IrTable>();
            known.set(id, tables);
            for (const table of port.tables) tables.set(table.id, table);
            const gone = [...tables.values()].filter((table) =>
              port.tables.every((each) => each.id !== table.id),
            );
            return gone.length === 0 ? port : { ...port, tables: [...port.tables, ...gone] };
          }),
        }),
      };
    },
  },
  {
    name: 'unavailable-one-in-fifty',
    title: 'One call in 50 is answered UNAVAILABLE by the gateway.',
    clauses: ['header-exact-value', 'grpcroute-change-without-loss', 'weight-single-backend-all'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const action = route['route'] as Message | undefined;
        const { cluster } = (action ?? {}) as { cluster?: string };
        if (action === undefined || cluster === undefined) return route;
        const { cluster: _cluster, ...rest } = action;
        const clusters = [
          { name: cluster, weight: { value: 98 } },
          { name: 'none', weight: { value: 2 } },
        ];
        return { ...route, route: { ...rest, weighted_clusters: { clusters } } };
      }),
    }),
  },
];
