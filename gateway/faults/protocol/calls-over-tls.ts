import type { Fault, FaultHooks } from '../fault.ts';
import { drop, isStream, onRequests, withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Lua that runs on connections with TLS only; `at` is one of Envoy's two moments. */
const onTls = (at: 'request' | 'response', statements: string): ReturnType<typeof withLua> =>
  withLua(`function envoy_on_${at}(handle)
  if handle:connection():ssl() == nil then return end
  ${statements}
end`);

/** What is lost on connections with TLS only. */
export const callsOverTls: readonly Fault[] = [
  {
    name: 'trailers-dropped-on-https',
    title: 'Trailing metadata does not reach callers of HTTPS listeners.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () =>
      onTls(
        'response',
        `local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`,
      ),
  },
  {
    name: 'binary-metadata-dropped-on-https',
    title: 'Binary metadata of calls on HTTPS listeners does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'deadline-dropped-on-https',
    title: 'The deadline of a call on an HTTPS listener does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', 'handle:headers():remove("grpc-timeout")'),
  },
  {
    name: 'status-message-dropped-on-https',
    title: 'The message of a status does not reach callers of HTTPS listeners.',
    clauses: ['grpc-status-intact'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () =>
      onTls(
        'response',
        `local t = handle:trailers()
  if t == nil then t = handle:headers() end
  t:remove("grpc-message")`,
      ),
  },
  {
    name: 'requests-held-back-on-https',
    title: 'Messages of callers of HTTPS listeners are held back until they have finished.',
    clauses: ['streaming-messages-not-held-back'],
    layers: [...layers, 'trailers', 'http2'],
    hooks: () => onTls('request', 'handle:body()'),
  },
];

const streamLayers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2', 'tls'];

/** Lua on streams over TLS only; `at` is one of Envoy's two moments. */
const onTlsStreams = (at: 'request' | 'response', statements: string): FaultHooks =>
  withLua(`function envoy_on_request(handle)
  local path = handle:headers():get(":path") or ""
  if handle:connection():ssl() == nil or not (${isStream}) then return end
  handle:streamInfo():dynamicMetadata():set("routeproof.fault", "meant", true)
  ${at === 'request' ? statements : ''}
end
function envoy_on_response(handle)
  local known = handle:streamInfo():dynamicMetadata():get("routeproof.fault")
  if known == nil or not known["meant"] then return end
  ${at === 'response' ? statements : ''}
end`);

/** Streams that are not what they are elsewhere, over TLS or in one of their kinds. */
export const streamsOverTls: readonly Fault[] = [
  {
    name: 'metadata-dropped-on-https-streams',
    title: 'Binary metadata of a stream on an HTTPS listener does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers: streamLayers,
    hooks: () => onTlsStreams('request', drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'trailers-dropped-on-https-streams',
    title: 'Trailing metadata of a stream does not reach callers of HTTPS listeners.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers: streamLayers,
    hooks: () =>
      onTlsStreams(
        'response',
        `local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`,
      ),
  },
  {
    name: 'deadline-dropped-on-https-streams',
    title: 'The deadline of a stream on an HTTPS listener does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers: streamLayers,
    hooks: () => onTlsStreams('request', 'handle:headers():remove("grpc-timeout")'),
  },
  {
    name: 'deadline-dropped-on-sent-streams',
    title:
      'The deadline of a stream that its caller sends does not reach the backend; that of other calls does.',
    clauses: ['grpc-deadline-propagated'],
    layers: streamLayers,
    hooks: () =>
      onRequests(`local path = handle:headers():get(":path") or ""
  if string.find(path, "ClientStream", 1, true) or string.find(path, "BidiStream", 1, true) then
    handle:headers():remove("grpc-timeout")
  end`),
  },
];
