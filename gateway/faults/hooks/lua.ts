import { messageType } from '../../xds/protos.ts';
import type { FaultHooks } from '../fault.ts';
import { listOf, onConnectionManagers } from './xds.ts';

const luaType = 'envoy.extensions.filters.http.lua.v3.Lua';

/** A filter of ours in front of the others: it sees requests first and answers last. */
export function withLua(source: string): FaultHooks {
  const type = messageType(luaType);
  const value = type.encode(type.fromObject({ default_source_code: { inline_string: source } })).finish();
  return {
    xds: onConnectionManagers((manager) => {
      const filter = {
        name: 'routeproof.fault',
        typed_config: { type_url: `type.googleapis.com/${luaType}`, value },
      };
      manager['http_filters'] = [filter, ...listOf(manager['http_filters'])];
    }),
  };
}

/** Does something to each request; `handle` is that of Envoy's Lua filter. */
export function onRequests(statements: string): FaultHooks {
  return withLua(`function envoy_on_request(handle)
  ${statements}
end`);
}

/** Does something to each answer, before its messages; `handle` is that of Envoy's Lua filter. */
export function onResponses(statements: string): FaultHooks {
  return withLua(`function envoy_on_response(handle)
  ${statements}
end`);
}

/** Statements for an answer: `t` is its trailers, or its headers where it has none. */
export const endOfAnswer = `local t = handle:trailers()
  if t == nil then t = handle:headers() end`;

/** Does something to the end of each answer, `t` as in `endOfAnswer`. */
export function onEnd(statements: string): FaultHooks {
  return onResponses(`${endOfAnswer}
  ${statements}`);
}

/** Does something to the trailers of each answer that has messages, `t`. */
export function onTrailers(statements: string): FaultHooks {
  return onResponses(`local t = handle:trailers()
  if t == nil then return end
  ${statements}`);
}

/** Does something to the answers to some requests; `meant` is a condition on their `path`. */
export function onAnswersTo(meant: string, statements: string): FaultHooks {
  return withLua(`function envoy_on_request(handle)
  local path = handle:headers():get(":path") or ""
  handle:streamInfo():dynamicMetadata():set("routeproof.fault", "meant", ${meant})
end
function envoy_on_response(handle)
  local known = handle:streamInfo():dynamicMetadata():get("routeproof.fault")
  if known == nil or not known["meant"] then return end
  ${statements}
end`);
}

/** A condition on `path`: the call is a stream. */
export const isStream = 'string.find(path, "Stream", 1, true) ~= nil';

/** Statements for requests: of metadata with several values only the last stays. */
export const lastOfRepeated = `local last = {}
  local count = {}
  for name, value in pairs(handle:headers()) do
    if string.sub(name, 1, 2) == "x-" then
      last[name] = value
      count[name] = (count[name] or 0) + 1
    end
  end
  for name, times in pairs(count) do
    if times > 1 then handle:headers():replace(name, last[name]) end
  end`;

/** Statements for either: values of metadata with one name change their order. */
export const reverseRepeated = `local all = {}
  for name, value in pairs(handle:headers()) do
    if string.sub(name, 1, 2) == "x-" then
      all[name] = all[name] or {}
      table.insert(all[name], 1, value)
    end
  end
  for name, values in pairs(all) do
    if #values > 1 then
      handle:headers():remove(name)
      for _, value in ipairs(values) do handle:headers():add(name, value) end
    end
  end`;

/** Statements for either: of `from`, headers or trailers, drops what fits `which`, a condition on `name` and `value`. */
export const drop = (from: string, which: string): string => `local names = {}
  for name, value in pairs(${from}) do
    if ${which} then table.insert(names, name) end
  end
  for _, name in ipairs(names) do ${from}:remove(name) end`;
