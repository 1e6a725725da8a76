import { hash } from 'node:crypto';
import type { IrBackend, IrPort, IrRoute, IrSession } from '../ir/ir.ts';
import type { HeaderValueOption, Route } from './envoy-types.ts';
import { pack } from './protos.ts';

/** The name of a second Lua filter; the first has to be done with the choice of the route before. */
export const sessionFilter = 'routeproof.session';
export const sessionScriptName = 'session';
/** On a request: the backend that its token names. Set by the script, taken off what clients send, never sent on. */
export const pinHeader = 'x-routeproof-pin';
/** On a response, until the script takes it off: `<tag of the backend> <address:port>`. */
export const servedByHeader = 'x-routeproof-served-by';

/**
 * One route for each backend that a token may name. Envoy picks a cluster by weight before anything can pin an endpoint, so a token
 * has to lead to another route (docs/decisions/sessions.md). None where the rule's only backend is the one that serves it anyway.
 */
export function pinnedRoutes(route: IrRoute, { pinned }: IrSession): { to: IrRoute; tag: string }[] {
  if (isAlone(route, pinned.backends)) return [];
  return [...byTag(pinned.backends)].map(([tag, backend]) => {
    const action = { ...pinned, backends: [{ ...backend, weight: 1 }] };
    return { to: { ...route, name: `${route.name}/session/${tag}`, action }, tag };
  });
}

export function onlyPinned(route: Route, tag: string): Route {
  const headers = [...(route.match?.headers ?? []), { name: pinHeader, string_match: { exact: tag } }];
  return { ...route, match: { ...route.match, headers } };
}

/** Has the script run on the calls of a route, with what it needs to know. */
export function withSession(route: Route, session: IrSession, protocol: IrPort['protocol']): Route {
  return {
    ...route,
    metadata: { filter_metadata: { [sessionFilter]: settings(session, protocol) } },
    typed_per_filter_config: {
      ...route.typed_per_filter_config,
      [sessionFilter]: pack('envoy.extensions.filters.http.lua.v3.LuaPerRoute', { name: sessionScriptName }),
    },
    ...servedBy(route),
  };
}

type Settings = NonNullable<NonNullable<Route['metadata']>['filter_metadata']>[string];

function settings(session: IrSession, protocol: IrPort['protocol']): Settings {
  const { carrier, name, scope, absoluteTimeoutMs = 0, pinned } = session;
  const tags = [...byTag(pinned.backends).keys()].map((tag) => [tag, { boolValue: true }]);
  const fields = {
    carrier: { stringValue: carrier },
    name: { stringValue: name },
    scope: { stringValue: scope },
    timeout: { numberValue: absoluteTimeoutMs },
    attributes: { stringValue: attributes(session, protocol) },
    tags: { structValue: { fields: Object.fromEntries(tags) as Settings['fields'] } },
  };
  return { fields: { session: { structValue: { fields } } } } as Settings;
}

/** GEP-1619: Secure, HttpOnly and SameSite=Strict. Clients drop a Secure cookie that comes over plain HTTP, and its session with it. */
function attributes(session: IrSession, protocol: IrPort['protocol']): string {
  const { permanent, path = '/', absoluteTimeoutMs = 0 } = session;
  return [
    `; Path=${path}; HttpOnly; SameSite=Strict`,
    ...(protocol === 'HTTPS' ? ['; Secure'] : []),
    ...(permanent ? [`; Max-Age=${Math.ceil(absoluteTimeoutMs / 1000)}`] : []),
  ].join('');
}

/** Has each answer say which backend and endpoint gave it. */
function servedBy(route: Route): Partial<Route> {
  const action = route.route;
  if (typeof action?.cluster === 'string') {
    const own = [...(route.response_headers_to_add ?? []), marker(action.cluster)];
    return { response_headers_to_add: own };
  }
  if (!action?.weighted_clusters) return {};
  const clusters = (action.weighted_clusters.clusters ?? []).map((cluster) => ({
    ...cluster,
    response_headers_to_add: [...(cluster.response_headers_to_add ?? []), marker(cluster.name ?? '')],
  }));
  return { route: { ...action, weighted_clusters: { ...action.weighted_clusters, clusters } } };
}

function marker(cluster: string): HeaderValueOption {
  return {
    header: { key: servedByHeader, value: `${tagOf(cluster)} %UPSTREAM_REMOTE_ADDRESS%` },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  };
}

function isAlone({ action }: IrRoute, pinned: readonly IrBackend[]): boolean {
  return (
    byTag(pinned).size === 1 &&
    action.type === 'forward' &&
    action.backends.length === 1 &&
    action.backends[0]?.cluster === pinned[0]?.cluster
  );
}

/** A Service that a rule names twice is one backend to its sessions: the first. */
function byTag(backends: readonly IrBackend[]): Map<string, IrBackend> {
  const tags = new Map<string, IrBackend>();
  for (const backend of backends) {
    const tag = tagOf(backend.cluster ?? '');
    if (!tags.has(tag)) tags.set(tag, backend);
  }
  return tags;
}

/** Stands for a cluster in a token, which clients see, and stays the same when backends come, go and change places. */
function tagOf(cluster: string): string {
  return hash('sha1', cluster, 'hex').slice(0, 12);
}
