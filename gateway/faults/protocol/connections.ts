import { scopeHeader } from '../../xds/scope.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { withLua } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['routed', 'backend', 'http2'];

/** Does something to a call that depends on the calls before it on its connection; `count` is its place among them, from 1 on. */
const onNthCall = (statements: string): FaultHooks =>
  withLua(`local counts = {}
local known = {}
function envoy_on_request(handle)
  local peer = handle:streamInfo():downstreamDirectRemoteAddress()
  local count = (counts[peer] or 0) + 1
  counts[peer] = count
  ${statements}
end`);

const unavailable = 'handle:respond({[":status"] = "503"}, "")';

/** Calls that fare differently for their place on a connection. */
export const connections: readonly Fault[] = [
  {
    name: 'first-call-of-connection-fails',
    title: 'The first call of each connection is answered UNAVAILABLE.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers,
    hooks: () => onNthCall(`if count == 1 then ${unavailable} end`),
  },
  {
    name: 'tenth-call-of-connection-fails',
    title: 'The tenth call of each connection is answered UNAVAILABLE.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers,
    hooks: () => onNthCall(`if count == 10 then ${unavailable} end`),
  },
  {
    name: 'hundredth-call-of-connection-fails',
    title: 'The hundredth call of each connection is answered UNAVAILABLE.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers,
    hooks: () => onNthCall(`if count == 100 then ${unavailable} end`),
  },
  {
    name: 'tenth-connection-unserved',
    title: 'All calls of each tenth connection are answered UNAVAILABLE.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers,
    hooks: () =>
      onNthCall(`if count == 1 then
    opened = (opened or 0) + 1
    known[peer] = opened % 10
  end
  if known[peer] == 0 then ${unavailable} end`),
  },
  {
    name: 'later-calls-served-as-first-host',
    title: 'Calls of a connection are served by the routes of the host that its first call named.',
    clauses: ['hostname-matched-before-rules'],
    layers,
    hooks: () =>
      onNthCall(`local scope = handle:headers():get("${scopeHeader}")
  if count == 1 then known[peer] = scope end
  if known[peer] ~= scope then
    handle:headers():replace("${scopeHeader}", known[peer])
    handle:clearRouteCache()
  end`),
  },
  {
    name: 'later-calls-matched-as-first',
    title: 'Calls of a connection are matched by the custom header that its first call carried.',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    layers,
    reference: 'envoyproxy/envoy#16431',
    hooks: () =>
      onNthCall(`local value = handle:headers():get("version")
  if count == 1 then known[peer] = value or "" end
  if known[peer] ~= "" and value ~= nil then
    handle:headers():replace("version", known[peer])
    handle:clearRouteCache()
  end`),
  },
];
