import type { Fault } from '../fault.ts';
import {
  drop,
  endOfAnswer,
  isStream,
  lastOfRepeated,
  onAnswersTo,
  onEnd,
  onRequests,
  onResponses,
  onTrailers,
  withLua,
} from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers', 'http2'];

/** Statements that edit each value in `from` of metadata of the caller's own; `value` becomes what `edit` makes of it. */
const onValues = (from: string, edit: string): string => `local all = {}
  for name, value in pairs(${from}) do
    local own = string.sub(name, 1, 2) == "x-" and string.find(name, "^x%-envoy%-") == nil
    if own and string.find(name, "^x%-forwarded%-") == nil and string.find(name, "^x%-routeproof%-") == nil then
      all[name] = all[name] or {}
      table.insert(all[name], value)
    end
  end
  for name, values in pairs(all) do
    ${from}:remove(name)
    for _, value in ipairs(values) do ${from}:add(name, ${edit}) end
  end`;

const unescaped =
  '(string.gsub(value, "%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))';

/** Calls whose metadata, status, deadline or messages are spelled in a way that the usual call is not. */
export const callCharacters: readonly Fault[] = [
  {
    name: 'metadata-unescaped',
    title:
      'A percent sign and two digits in metadata of a caller reach the backend as the character that they might mean.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(onValues('handle:headers()', unescaped)),
  },
  {
    name: 'answer-metadata-unescaped',
    title:
      'A percent sign and two digits in initial metadata reach the caller as the character that they might mean.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onResponses(onValues('handle:headers()', unescaped)),
  },
  {
    name: 'trailers-unescaped',
    title:
      'A percent sign and two digits in trailing metadata reach the caller as the character that they might mean.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () => onTrailers(onValues('t', unescaped)),
  },
  {
    name: 'spaces-in-metadata-merged',
    title: 'Several spaces in a value of metadata reach the backend as one.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(onValues('handle:headers()', '(string.gsub(value, " +", " "))')),
  },
  {
    name: 'answer-metadata-lower-cased',
    title: 'Values of initial metadata reach the caller in lower case.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onResponses(
        onValues('handle:headers()', 'string.sub(name, -4) == "-bin" and value or string.lower(value)'),
      ),
  },
  {
    name: 'trailers-lower-cased',
    title: 'Values of trailing metadata reach the caller in lower case.',
    clauses: ['grpc-metadata-intact', 'backend-trailers-delivered'],
    layers,
    hooks: () => onTrailers(onValues('t', 'string.sub(name, -4) == "-bin" and value or string.lower(value)')),
  },
  {
    name: 'backslashes-in-metadata-doubled',
    title: 'A backslash in metadata of a caller reaches the backend twice.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(onValues('handle:headers()', '(string.gsub(value, "\\\\", "\\\\\\\\"))')),
  },
  {
    name: 'unpadded-binary-metadata-dropped',
    title: 'Binary metadata in base64 without padding does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onRequests(drop('handle:headers()', 'string.sub(name, -4) == "-bin" and string.len(value) % 4 ~= 0')),
  },
  {
    name: 'reserved-metadata-dropped',
    title:
      'Metadata of a gRPC library of its own (grpc-trace-bin, grpc-previous-rpc-attempts) does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onRequests(
        drop('handle:headers()', 'name == "grpc-trace-bin" or name == "grpc-previous-rpc-attempts"'),
      ),
  },
  {
    name: 'user-agent-replaced-on-streams',
    title: 'The backend of a streaming call sees the name of the gateway as user-agent.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onRequests(`local h = handle:headers()
  if string.find(h:get(":path") or "", "Stream", 1, true) ~= nil then h:replace("user-agent", "gateway/1.0") end`),
  },
  {
    name: 'metadata-dropped-on-bidi-streams',
    title: 'Metadata of a bidirectional stream does not reach the backend; that of other calls does.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onRequests(`if string.find(handle:headers():get(":path") or "", "BidiStream", 1, true) == nil then return end
  ${drop('handle:headers()', 'string.sub(name, -4) == "-bin"')}`),
  },
  {
    name: 'unknown-status-becomes-unknown',
    title: 'A status code that gRPC has no name for reaches the caller as UNKNOWN.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onEnd(`local code = tonumber(t:get("grpc-status") or "")
  if code ~= nil and code > 16 then t:replace("grpc-status", "2") end`),
  },
  {
    name: 'status-remapped-on-streams',
    title: 'DATA_LOSS at the end of a stream reaches the caller as UNKNOWN.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onAnswersTo(
        isStream,
        `${endOfAnswer}
  if t:get("grpc-status") == "15" then t:replace("grpc-status", "2") end`,
      ),
  },
  {
    name: 'early-end-is-internal',
    title: 'A stream that its backend ends before the caller has finished ends with INTERNAL.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      withLua(`function envoy_on_request(handle)
  for _ in handle:bodyChunks() do end
  handle:streamInfo():dynamicMetadata():set("routeproof.fault", "finished", true)
end
function envoy_on_response(handle)
  ${endOfAnswer}
  if handle:streamInfo():dynamicMetadata():get("routeproof.fault") == nil then t:replace("grpc-status", "13") end
end`),
  },
  {
    name: 'plus-in-message-is-space',
    title: 'A plus sign in the message of a status reaches the caller as a space.',
    clauses: ['grpc-status-intact'],
    layers,
    hooks: () =>
      onEnd(`local m = t:get("grpc-message")
  if m ~= nil then t:replace("grpc-message", (string.gsub(m, "%+", " "))) end`),
  },
  {
    name: 'details-dropped-on-https',
    title: 'The details of a status do not reach callers of HTTPS listeners.',
    clauses: ['grpc-status-intact'],
    layers: [...layers, 'tls'],
    hooks: () =>
      onResponses(`if handle:connection():ssl() == nil then return end
  ${endOfAnswer}
  t:remove("grpc-status-details-bin")`),
  },
  {
    name: 'repeated-metadata-cut-on-https',
    title: 'Of metadata with several values only the last reaches the backend of an HTTPS listener.',
    clauses: ['grpc-metadata-intact'],
    layers: [...layers, 'tls'],
    hooks: () =>
      onRequests(`if handle:connection():ssl() == nil then return end
  ${lastOfRepeated}`),
  },
  {
    name: 'empty-messages-of-streams-dropped',
    title: 'A message without content does not reach the backend when it comes by itself in a stream.',
    clauses: ['streaming-messages-in-order'],
    layers,
    hooks: () =>
      onRequests(`if string.find(handle:headers():get(":path") or "", "Stream", 1, true) == nil then return end
  for chunk in handle:bodyChunks() do
    local size = chunk:length()
    if size == 5 and chunk:getBytes(0, 5) == string.rep(string.char(0), 5) then chunk:setBytes("") end
  end`),
  },
  {
    name: 'short-deadline-dropped',
    title: 'A deadline of less than ten seconds does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers,
    hooks: () =>
      onRequests(`local h = handle:headers()
  local amount, unit = string.match(h:get("grpc-timeout") or "", "^(%d+)([mun])$")
  local factor = { m = 1, u = 1000, n = 1000000 }
  if amount ~= nil and tonumber(amount) < 10000 * factor[unit] then h:remove("grpc-timeout") end`),
  },
  {
    name: 'passed-deadline-of-streams-is-internal',
    title: 'A stream whose deadline passes at the gateway ends with INTERNAL.',
    clauses: ['grpc-deadline-enforced'],
    layers,
    hooks: () =>
      onAnswersTo(
        isStream,
        `local h = handle:headers()
  if h:get("grpc-status") == "4" then h:replace("grpc-status", "13") end`,
      ),
  },
  {
    name: 'other-content-types-refused',
    title: 'Calls of content type application/grpc+json, and of other formats than protobuf, match no rule.',
    clauses: ['grpc-content-type'],
    layers,
    hooks: () =>
      onRequests(`local h = handle:headers()
  local format = string.match(h:get("content-type") or "", "^application/grpc%+(.*)$")
  if format ~= nil and format ~= "proto" then
    handle:respond({[":status"] = "200", ["content-type"] = "application/grpc", ["grpc-status"] = "12"}, "")
  end`),
  },
  {
    name: 'refusal-waits-for-caller',
    title: 'A stream that no rule matches is refused only when its caller has finished sending.',
    clauses: ['grpcroute-unmatched-call-unimplemented', 'streaming-messages-not-held-back'],
    layers,
    hooks: () =>
      onRequests(`local name = handle:streamInfo():routeName() or ""
  if name == "" or name == "no-match" then handle:body() end`),
  },
];
