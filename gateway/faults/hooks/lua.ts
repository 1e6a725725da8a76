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
