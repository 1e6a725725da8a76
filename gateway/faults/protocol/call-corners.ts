import type { Fault, FaultHooks } from '../fault.ts';
import {
  drop,
  endOfAnswer,
  isStream,
  onAnswersTo,
  onEnd,
  onRequests,
  onResponses,
  onTrailers,
  withLua,
} from '../hooks/lua.ts';
import { listOf, onConnectionManagers, onResources, onXdsRoutes } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2'];

/** Of values in base64 with one name in `from` the first alone stays. */
const firstBinaryOnly = (from: string): string => `local first = {}
  local count = {}
  for name, value in pairs(${from}) do
    if string.sub(name, 1, 2) == "x-" and string.sub(name, -4) == "-bin" then
      first[name] = first[name] or string.match(value, "^[^,]*")
      count[name] = (count[name] or 0) + (string.find(value, ",", 1, true) and 2 or 1)
    end
  end
  for name, value in pairs(first) do
    if count[name] > 1 then ${from}:replace(name, value) end
  end`;

const longOfBackend = 'string.sub(name, 1, 2) == "x-" and string.len(value) > 2048';

/** Limits the messages of an answer, which may come in any number of pieces. */
const limitedAnswers = (bytes: number): FaultHooks =>
  onResponses(`local size = 0
  for chunk in handle:bodyChunks() do size = size + chunk:length() end
  local t = handle:trailers()
  if t ~= nil and size > ${bytes} then
    t:replace("grpc-status", "8")
    t:replace("grpc-message", "too large")
  end`);

/** Calls whose metadata, messages, deadline or end are of a kind that the usual call is not of. */
export const callCorners: readonly Fault[] = [
  {
    name: 'message-of-late-error-dropped',
    title: 'The message of a status that comes after messages of the call does not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () => onTrailers('t:remove("grpc-message")'),
  },
  {
    name: 'details-of-late-error-dropped',
    title: 'The details of a status that comes after messages of the call do not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () => onTrailers('t:remove("grpc-status-details-bin")'),
  },
  {
    name: 'message-cut-at-line-break',
    title: 'The message of a status reaches the caller up to its first line break.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onEnd(`local m = t:get("grpc-message")
  if m ~= nil then t:replace("grpc-message", (string.gsub(m, "%%0[ADad].*", ""))) end`),
  },
  {
    name: 'unauthenticated-as-permission-denied',
    title: 'UNAUTHENTICATED of the backend reaches the caller as PERMISSION_DENIED.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () => onEnd('if t:get("grpc-status") == "16" then t:replace("grpc-status", "7") end'),
  },
  {
    name: 'repeated-binary-metadata-cut',
    title: 'Of binary metadata with several values only the first reaches the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(firstBinaryOnly('handle:headers()')),
  },
  {
    name: 'repeated-binary-answer-metadata-cut',
    title: 'Of binary initial metadata with several values only the first reaches the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(firstBinaryOnly('handle:headers()')),
  },
  {
    name: 'long-values-dropped',
    title: 'Metadata whose value is longer than 2 KiB does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(drop('handle:headers()', longOfBackend)),
  },
  {
    name: 'long-answer-values-dropped',
    title: 'Initial metadata whose value is longer than 2 KiB does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(drop('handle:headers()', longOfBackend)),
  },
  {
    name: 'answers-limited-to-one-mib',
    title: 'A call is failed once the messages of its answer sum up to more than 1 MiB.',
    clauses: ['grpc-large-messages'],
    layers,
    hooks: () => limitedAnswers(1_048_576),
  },
  {
    name: 'answers-limited-to-six-mib',
    title: 'A call is failed once the messages of its answer sum up to more than 6 MiB.',
    clauses: ['grpc-large-messages'],
    layers,
    hooks: () => limitedAnswers(6_291_456),
  },
  {
    name: 'answers-of-one-window-lose-trailers',
    title:
      'The end of an answer does not reach a caller whose first HTTP/2 window its messages fill to the byte.',
    clauses: ['grpc-status-intact', 'backend-trailers-delivered', 'grpc-large-messages'],
    layers,
    reference: 'envoyproxy/envoy#40821',
    hooks: () =>
      onResponses(`local size = 0
  for chunk in handle:bodyChunks() do size = size + chunk:length() end
  local t = handle:trailers()
  if t == nil or size ~= 65535 then return end
  ${drop('t', 'true')}`),
  },
  {
    name: 'answers-cut-short-of-a-window',
    title: 'An answer that fills the first HTTP/2 window to the byte loses its last one.',
    clauses: ['grpc-large-messages'],
    layers,
    hooks: () =>
      onResponses(`local size = 0
  for chunk in handle:bodyChunks() do
    size = size + chunk:length()
    if size == 65535 then chunk:setBytes(chunk:getBytes(0, chunk:length() - 1)) end
  end`),
  },
  {
    name: 'passed-deadline-is-unavailable',
    title: 'A call whose deadline passes at the gateway ends with UNAVAILABLE.',
    clauses: ['grpc-deadline-enforced'],
    layers,
    hooks: () =>
      onResponses(`local h = handle:headers()
  if h:get("grpc-status") == "4" then h:replace("grpc-status", "14") end`),
  },
  {
    name: 'trailing-slash-ignored',
    title: 'A call whose path ends in a slash is served as if that were not there.',
    clauses: ['method-exact-service-and-method', 'grpcroute-unmatched-call-unimplemented'],
    layers,
    hooks: () =>
      onRequests(`local path = handle:headers():get(":path") or ""
  if string.find(path, "^/[^/]+/[^/]+/$") then
    handle:headers():replace(":path", string.sub(path, 1, -2))
    handle:clearRouteCache()
  end`),
  },
  {
    name: 'early-end-is-an-error',
    title: 'An answer that ends before its caller has finished sending ends with INTERNAL.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      withLua(`function envoy_on_request(handle)
  local data = handle:streamInfo():dynamicMetadata()
  data:set("routeproof.fault", "watched", true)
  for chunk in handle:bodyChunks() do end
  data:set("routeproof.fault", "ended", true)
end
function envoy_on_response(handle)
  ${endOfAnswer}
  local known = handle:streamInfo():dynamicMetadata():get("routeproof.fault")
  if known ~= nil and known["watched"] and not known["ended"] and t:get("grpc-status") ~= nil then
    t:replace("grpc-status", "13")
  end
end`),
  },
  {
    name: 'server-streams-held-back',
    title: 'Messages of a server stream are held back until it ends.',
    clauses: ['streaming-messages-not-held-back'],
    layers,
    hooks: () => onAnswersTo('string.find(path, "ServerStream", 1, true) ~= nil', 'handle:body()'),
  },
  {
    name: 'client-streams-held-back',
    title:
      'Calls of client streams are held back until their callers have finished, and those that are cancelled are never made.',
    clauses: ['grpc-cancellation-propagated', 'streaming-messages-not-held-back'],
    layers,
    hooks: () =>
      onRequests(
        'if string.find(handle:headers():get(":path") or "", "ClientStream", 1, true) ~= nil then handle:body() end',
      ),
  },
  {
    name: 'failing-backend-shut-out',
    title: 'A backend that has answered five calls in a row with errors gets no calls for half a minute.',
    clauses: ['backend-service-forwarding', 'grpc-status-intact'],
    layers,
    hooks: () => ({
      xds: onResources('cds', (cluster) => {
        cluster['outlier_detection'] = {
          consecutive_5xx: { value: 5 },
          enforcing_consecutive_5xx: { value: 100 },
          base_ejection_time: { seconds: 30 },
          max_ejection_percent: { value: 100 },
          always_eject_one_host: { value: true },
        };
      }),
    }),
  },
  {
    name: 'one-connection-to-a-backend',
    title:
      'Calls to a backend that is leaving its connection wait until the last stream on it has ended, as there is only one connection at a time.',
    clauses: ['grpc-backend-goaway-heeded'],
    layers,
    reference: 'nginx/nginx#1431',
    hooks: () => ({
      xds: onResources('cds', (cluster) => {
        // Of Envoy's connections one is always allowed, and one that is being left counts until it ends.
        const thresholds = listOf((cluster['circuit_breakers'] as Message)['thresholds']);
        for (const threshold of thresholds) threshold['max_connections'] = { value: 1 };
      }),
    }),
  },
  {
    name: 'deadline-cut-to-a-minute',
    title: 'Calls without a deadline reach the backend with one of a minute.',
    clauses: ['grpc-deadline-propagated', 'streaming-no-time-limit'],
    layers,
    hooks: () => ({
      xds: onXdsRoutes((route) => ({
        ...route,
        request_headers_to_add: [
          ...((route['request_headers_to_add'] ?? []) as Message[]),
          { header: { key: 'grpc-timeout', value: '1M' }, append_action: 'ADD_IF_ABSENT' },
        ],
      })),
    }),
  },
  {
    name: 'metadata-dropped-on-streams',
    title: 'Metadata of a streaming call does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onRequests(`if string.find(handle:headers():get(":path") or "", "Stream", 1, true) == nil then return end
  ${drop('handle:headers()', 'string.sub(name, 1, 2) == "x-" and name ~= "x-routeproof-nonce"')}`),
  },
  {
    name: 'initial-metadata-dropped-on-streams',
    title: 'Initial metadata of a streaming call does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onAnswersTo(isStream, drop('handle:headers()', 'string.sub(name, 1, 2) == "x-"')),
  },
  {
    name: 'trailing-metadata-dropped-on-streams',
    title: 'Trailing metadata of a streaming call does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onAnswersTo(
        isStream,
        `local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`,
      ),
  },
  {
    name: 'metadata-of-late-error-dropped',
    title: 'Trailing metadata of an error that comes after messages of the call does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onTrailers(`if t:get("grpc-status") == "0" then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`),
  },
  {
    name: 'trailers-of-one-call-in-twenty-dropped',
    title: 'Trailing metadata of one call in 20 does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onTrailers(`if math.random(20) > 1 then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`),
  },
  {
    name: 'repeated-binary-trailers-cut',
    title: 'Of binary trailing metadata with several values only the first reaches the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () => onTrailers(firstBinaryOnly('t')),
  },
  {
    name: 'authority-rewritten-on-streams',
    title: 'The backend of a streaming call sees another :authority than the caller sent.',
    clauses: ['grpc-authority-intact'],
    layers,
    hooks: () =>
      onRequests(`local h = handle:headers()
  if string.find(h:get(":path") or "", "Stream", 1, true) == nil then return end
  h:replace(":authority", "backend.svc.cluster.local")`),
  },
  {
    name: 'cookies-dropped',
    title: 'Cookies of a caller do not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests('handle:headers():remove("cookie")'),
  },
  {
    name: 'h2c-refused-on-later-ports',
    title: 'HTTP listeners speak HTTP/1.1 only on every port but 80, and look healthy.',
    clauses: ['grpcroute-http-h2c-prior-knowledge'],
    layers: [...layers, 'connect'],
    hooks: () => ({
      xds: onConnectionManagers((manager, tableId) => {
        if (tableId.startsWith('http-') && tableId !== 'http-80') manager['codec_type'] = 'HTTP1';
      }),
    }),
  },
];
