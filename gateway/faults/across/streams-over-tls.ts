import type { Fault, FaultHooks } from '../fault.ts';
import { onBackends } from '../hooks/ir.ts';
import { drop, isStream, onRequests, withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2', 'tls'];

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
    layers,
    hooks: () => onTlsStreams('request', drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'trailers-dropped-on-https-streams',
    title: 'Trailing metadata of a stream does not reach callers of HTTPS listeners.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers,
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
    layers,
    hooks: () => onTlsStreams('request', 'handle:headers():remove("grpc-timeout")'),
  },
  {
    name: 'deadline-dropped-on-sent-streams',
    title:
      'The deadline of a stream that its caller sends does not reach the backend; that of other calls does.',
    clauses: ['grpc-deadline-propagated'],
    layers,
    hooks: () =>
      onRequests(`local path = handle:headers():get(":path") or ""
  if string.find(path, "ClientStream", 1, true) or string.find(path, "BidiStream", 1, true) then
    handle:headers():remove("grpc-timeout")
  end`),
  },
];

/** Request headers that backends under a BackendTLSPolicy do not get. */
const withoutToTls = (header: string): FaultHooks => ({
  ir: onBackends((backend) =>
    backend.cluster?.includes('/tls-') === true
      ? { ...backend, requestHeaders: { set: [], add: [], remove: [header] } }
      : backend,
  ),
});

/** What backends under a BackendTLSPolicy are not told. */
export const callsToTlsBackends: readonly Fault[] = [
  {
    name: 'metadata-dropped-to-tls-backends',
    title: 'Binary metadata does not reach backends under a BackendTLSPolicy.',
    clauses: ['btls-union-with-grpcroute', 'grpc-metadata-intact'],
    layers,
    hooks: () => withoutToTls('x-data-bin'),
  },
  {
    name: 'deadline-dropped-to-tls-backends',
    title: 'The deadline of a call does not reach backends under a BackendTLSPolicy.',
    clauses: ['btls-union-with-grpcroute', 'grpc-deadline-propagated'],
    layers,
    hooks: () => withoutToTls('grpc-timeout'),
  },
];
