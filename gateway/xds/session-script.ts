import { pinHeader, servedByHeader, sessionFilter } from './session.ts';

/**
 * Session persistence (GEP-1619) on the routes that name this script. A token is `scope.tag.expiry.address:port`: of the rule, of
 * the backend within it, milliseconds since 1970 (0: never), and of the endpoint. Envoy's own filter for it, stateful_session, knows
 * no timeout for headers, none for cookies but Max-Age, and nothing that is larger than a cluster.
 *
 * A token is no secret and needs none: whatever a client writes into it, it only chooses among the endpoints of the rule's backends.
 */
export const sessionScript = `
local function carried(headers, session)
  if session.carrier == "header" then return headers:get(session.name) end
  for pair in string.gmatch(headers:get("cookie") or "", "[^;]+") do
    local name, value = string.match(pair, "^%s*([^=]-)%s*=%s*(.-)%s*$")
    if name == session.name and string.sub(value, 1, #session.scope + 1) == session.scope .. "." then return value end
  end
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local session = handle:metadata():get("session")
  if session == nil then return end
  local scope, tag, expiry, address = string.match(carried(headers, session) or "", "^(%x+)%.(%x+)%.(%d+)%.(%S+)$")
  if scope ~= session.scope or not session.tags[tag] then return end
  expiry = tonumber(expiry)
  if expiry ~= 0 and tonumber(handle:timestamp()) >= expiry then return end
  -- Not strict: an endpoint that has gone is replaced. An address that is none is an error, and no session.
  if not pcall(function() handle:setUpstreamOverrideHost(address, false) end) then return end
  handle:streamInfo():dynamicMetadata():set("${sessionFilter}", "pinned", tag .. " " .. address)
  headers:replace("${pinHeader}", tag)
  handle:clearRouteCache()
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local served = headers:get("${servedByHeader}")
  if served == nil then return end
  headers:remove("${servedByHeader}")
  local session = handle:metadata():get("session")
  local tag, address = string.match(served, "^(%x+) (%S+:%d+)$")
  if session == nil or tag == nil then return end
  local pinned = handle:streamInfo():dynamicMetadata():get("${sessionFilter}")
  if pinned ~= nil and pinned["pinned"] == served then return end
  local expiry = 0
  if session.timeout > 0 then expiry = tonumber(handle:timestamp()) + session.timeout end
  local token = string.format("%s.%s.%.0f.%s", session.scope, tag, expiry, address)
  if session.carrier == "header" then
    headers:replace(session.name, token)
  else
    headers:add("set-cookie", session.name .. "=" .. token .. session.attributes)
  end
end`;
