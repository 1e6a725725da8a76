import type { IrAction, IrPort, IrStringMatch } from '../ir/ir.ts';
import type { RedirectAction, Route } from './envoy-types.ts';
import { pathRewrite } from './path-rewrite.ts';
import { pack } from './protos.ts';

/** Where a route is: what a redirect takes over from the call. */
export interface RouteHost {
  listener: Pick<IrPort, 'port' | 'protocol'>;
  /** Exact or wildcard. */
  hostname: string;
}

type Redirect = Extract<IrAction, { type: 'redirect' }>;

/** The name of the script below among those of the Lua filter. */
export const withoutPort = 'location-without-port';
export const withoutPortScript = `
function envoy_on_response(handle)
  local headers = handle:headers()
  local location = headers:get("location")
  if location then headers:replace("location", (string.gsub(location, "^(%a+://[^/]*):%d+", "%1"))) end
end`;

const redirectCodes: Record<number, RedirectAction['response_code']> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

export function redirectAction(
  match: IrStringMatch,
  action: Redirect,
  host: RouteHost,
): Pick<Route, 'redirect' | 'typed_per_filter_config'> {
  const path = action.path && pathRewrite(match, action.path);
  const { authority, ...config } = authorityOf(action, host);
  return {
    redirect: {
      ...(action.scheme !== undefined && { scheme_redirect: action.scheme }),
      ...authority,
      ...(path?.full !== undefined && { path_redirect: path.full }),
      ...(path?.prefix !== undefined && { prefix_rewrite: path.prefix }),
      ...(path?.regex !== undefined && { regex_rewrite: path.regex }),
      response_code: redirectCodes[action.httpStatus] ?? 'FOUND',
    },
    ...config,
  };
}

/**
 * Envoy takes over the port of the request's host, and writes each port that it is told, default ones too. The port of the
 * Location comes from the scheme or the listener, never from the call, and is left out where the scheme implies it
 * (HTTPRequestRedirectFilter.port): then the host is given by name, or the port that Envoy wrote is cut off again.
 */
function authorityOf(
  { scheme, hostname, port: wanted }: Redirect,
  { listener, hostname: own }: RouteHost,
): { authority: RedirectAction } & Pick<Route, 'typed_per_filter_config'> {
  const secure = scheme === undefined ? listener.protocol === 'HTTPS' : scheme === 'https';
  const port = wanted ?? listener.port;
  const name = hostname ?? (own.startsWith('*') ? undefined : own);
  if (port !== (secure ? 443 : 80)) {
    return { authority: { ...(hostname !== undefined && { host_redirect: hostname }), port_redirect: port } };
  }
  if (name !== undefined) return { authority: { host_redirect: name } };
  const script = pack('envoy.extensions.filters.http.lua.v3.LuaPerRoute', { name: withoutPort });
  return {
    authority: { port_redirect: port },
    typed_per_filter_config: { 'envoy.filters.http.lua': script },
  };
}
