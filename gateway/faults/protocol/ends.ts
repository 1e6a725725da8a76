import type { Fault } from '../fault.ts';
import { drop, onRequests, onResponses, reverseRepeated, withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2'];

/** Does something to the trailers of an answer, `t`, where it has some of its own. */
const onOwnTrailers = (statements: string): ReturnType<typeof withLua> =>
  withLua(`function envoy_on_response(handle)
  local t = handle:trailers()
  if t == nil then return end
  ${statements}
end`);

/** Metadata that is lost at the end of an answer, or comes otherwise than it was sent. */
export const ends: readonly Fault[] = [
  {
    name: 'trailers-only-metadata-dropped',
    title: 'Metadata of an error that comes without any message does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onResponses(`local h = handle:headers()
  if h:get("grpc-status") ~= nil then
    ${drop('h', 'string.sub(name, 1, 2) == "x-"')}
  end`),
  },
  {
    name: 'repeated-trailers-dropped',
    title: 'Of trailing metadata with several values only the last reaches the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onOwnTrailers(`local last = {}
  for name, value in pairs(t) do
    if string.sub(name, 1, 2) == "x-" then last[name] = value end
  end
  for name, value in pairs(last) do t:replace(name, value) end`),
  },
  {
    name: 'binary-trailers-dropped',
    title: 'Binary trailing metadata does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onOwnTrailers(drop('t', 'string.sub(name, 1, 2) == "x-" and string.sub(name, -4) == "-bin"')),
  },
  {
    name: 'deadlines-capped',
    title: 'A deadline of more than ten seconds reaches the backend as one of ten.',
    clauses: ['grpc-deadline-propagated'],
    layers,
    hooks: () =>
      onRequests(`local value = handle:headers():get("grpc-timeout")
  if value == nil then return end
  local units = {H = 3600, M = 60, S = 1, m = 0.001, u = 0.000001, n = 0.000000001}
  local amount = tonumber(string.sub(value, 1, -2)) or 0
  if amount * (units[string.sub(value, -1)] or 0) > 10 then
    handle:headers():replace("grpc-timeout", "10S")
  end`),
  },
  {
    name: 'foreign-letters-of-message-dropped',
    title: 'A status message with letters beyond ASCII does not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      withLua(`function envoy_on_response(handle)
  local t = handle:trailers()
  if t == nil then t = handle:headers() end
  local m = t:get("grpc-message")
  if m ~= nil and string.find(m, "%%[C-F]") then t:replace("grpc-message", "") end
end`),
  },
  {
    name: 'repeated-metadata-reversed',
    title: 'Values of metadata with one name reach the backend in reversed order.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(reverseRepeated),
  },
  {
    name: 'dotted-metadata-dropped',
    title: 'Metadata whose name has a dot does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(drop('handle:headers()', 'string.find(name, ".", 1, true) ~= nil')),
  },
];
