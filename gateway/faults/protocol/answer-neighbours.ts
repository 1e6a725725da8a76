import type { Fault } from '../fault.ts';
import { drop, onResponses, reverseRepeated, withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2'];

/** Answers that go wrong for what they are made of: errors without messages, errors after some, names that come twice. */
export const answerNeighbours: readonly Fault[] = [
  {
    name: 'message-of-bare-error-dropped',
    title: 'The message of a status that comes without any message of the call does not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onResponses(`local h = handle:headers()
  if h:get("grpc-status") ~= nil and h:get("grpc-status") ~= "0" then h:remove("grpc-message") end`),
  },
  {
    name: 'details-of-bare-error-dropped',
    title: 'The details of a status that comes without any message of the call do not reach the caller.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () => onResponses('handle:headers():remove("grpc-status-details-bin")'),
  },
  {
    name: 'late-errors-become-ok',
    title: 'An error that comes after messages of a stream reaches the caller as OK.',
    clauses: ['grpc-status-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      withLua(`function envoy_on_response(handle)
  local bytes = 0
  for chunk in handle:bodyChunks() do bytes = bytes + chunk:length() end
  local t = handle:trailers()
  if t ~= nil and bytes > 0 and t:get("grpc-status") ~= nil then t:replace("grpc-status", "0") end
end`),
  },
  {
    name: 'empty-trailers-dropped',
    title: 'Trailing metadata with an empty value does not reach the caller.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onResponses(`local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-" and value == ""')}`),
  },
  {
    name: 'trailers-named-like-headers-dropped',
    title: 'Trailing metadata does not reach the caller where the initial metadata has the same name.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () =>
      onResponses(`local known = {}
  for name, _ in pairs(handle:headers()) do known[name] = true end
  local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-" and known[name]')}`),
  },
  {
    name: 'repeated-answer-metadata-reversed',
    title: 'Values of initial metadata with one name reach the caller in reversed order.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(reverseRepeated),
  },
];
