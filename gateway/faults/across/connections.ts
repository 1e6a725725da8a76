import type { XdsResource } from '../../xds/resource.ts';
import { scopeHeader } from '../../xds/scope.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { withLua } from '../hooks/lua.ts';
import { editedAny, listOf, onConnectionManagers, onRouteActions } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

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

const shareHeader = 'x-routeproof-share';

/** A header with the port of the client: it is the same for every call of a connection. */
const withClientPort = onConnectionManagers((manager) => {
  for (const extension of listOf(manager['early_header_mutation_extensions'])) {
    extension['typed_config'] = editedAny(extension['typed_config'] as never, (config) => {
      const header = { key: shareHeader, value: '%DOWNSTREAM_DIRECT_REMOTE_PORT%' };
      const append = { header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
      config['mutations'] = [...listOf(config['mutations']), { append }];
    });
  }
});

const sharedByClientPort = onRouteActions((action) => {
  const clusters = action['weighted_clusters'] as Message | undefined;
  if (clusters !== undefined) clusters['header_name'] = shareHeader;
});

/** What is decided once for a connection, where each call is on its own. */
export const connectionShares: readonly Fault[] = [
  {
    name: 'shares-of-connections',
    title: 'Weights share out connections: all calls of one go to the same backend.',
    clauses: ['weight-calls-not-connections', 'weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      xds: (resource: XdsResource) => sharedByClientPort(withClientPort(resource)),
    }),
  },
];

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
