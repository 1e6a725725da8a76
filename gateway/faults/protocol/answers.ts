import type { Fault } from '../fault.ts';
import { drop, endOfAnswer, onEnd, onRequests, onResponses, withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2'];

/** Sums up the names and values of `from` in bytes. */
const sizeOf = (from: string): string => `local size = 0
  for name, value in pairs(${from}) do size = size + string.len(name) + string.len(value) end`;

const isOfBackend = 'string.sub(name, 1, 2) == "x-"';

/** Metadata of an answer, and of a call, that is lost at a certain size or kind. */
export const answers: readonly Fault[] = [
  {
    name: 'answer-metadata-limited-to-four-kib',
    title: 'Initial metadata of more than 4 KiB does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onResponses(`local t = handle:headers()
  ${sizeOf('t')}
  if size > 4096 then
    ${drop('t', isOfBackend)}
  end`),
  },
  {
    name: 'trailers-limited-to-four-kib',
    title: 'Trailing metadata of more than 4 KiB does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onEnd(`${sizeOf('t')}
  if size > 4096 then
    ${drop('t', isOfBackend)}
  end`),
  },
  {
    name: 'forty-answer-headers-at-most',
    title: 'Of initial metadata with more than 40 keys the rest is dropped.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onResponses(`local names = {}
  local count = 0
  for name, _ in pairs(handle:headers()) do
    count = count + 1
    if count > 40 and string.sub(name, 1, 2) == "x-" then table.insert(names, name) end
  end
  for _, name in ipairs(names) do handle:headers():remove(name) end`),
  },
  {
    name: 'binary-answer-metadata-dropped',
    title: 'Binary metadata of the backend does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(drop('handle:headers()', 'string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'empty-answer-metadata-dropped',
    title: 'Initial metadata of the backend with an empty value does not reach the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(drop('handle:headers()', 'value == ""')),
  },
  {
    name: 'user-agent-replaced',
    title: 'The backend sees the name of the gateway as user-agent, not that of the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests('handle:headers():replace("user-agent", "gateway/1.0")'),
  },
  {
    name: 'trace-context-dropped',
    title: 'The trace of a caller (traceparent) does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests('handle:headers():remove("traceparent")'),
  },
  {
    name: 'message-cut-after-one-kib',
    title: 'The message of a status is cut after 1 KiB.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onEnd(`local m = t:get("grpc-message")
  if m ~= nil and string.len(m) > 1024 then t:replace("grpc-message", string.sub(m, 1, 1024)) end`),
  },
  {
    name: 'message-unescaped',
    title: 'The percent sign of a status message is unescaped on the way.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onEnd(`local m = t:get("grpc-message")
  if m ~= nil then t:replace("grpc-message", (string.gsub(m, "%%25", "%%"))) end`),
  },
  {
    name: 'details-limited-to-one-kib',
    title: 'Details of a status of more than 1 KiB do not reach the caller.',
    clauses: ['grpc-status-intact', 'grpc-metadata-intact'],
    layers,
    hooks: () =>
      onEnd(`local d = t:get("grpc-status-details-bin")
  if d ~= nil and string.len(d) > 1024 then t:remove("grpc-status-details-bin") end`),
  },
  {
    name: 'empty-answer-is-an-error',
    title: 'A server stream without a message ends with an error.',
    clauses: ['grpc-status-intact', 'streaming-half-close'],
    layers,
    hooks: () =>
      withLua(`function envoy_on_response(handle)
  local isEmpty = true
  for chunk in handle:bodyChunks() do
    if chunk:length() > 0 then isEmpty = false end
  end
  ${endOfAnswer}
  if isEmpty and t:get("grpc-status") == "0" then t:replace("grpc-status", "13") end
end`),
  },
];
