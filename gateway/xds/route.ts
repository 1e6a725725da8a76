import type { IrAction, IrRoute } from '../ir/ir.ts';
import type { DirectResponseAction, RedirectAction, Route } from './envoy-types.ts';
import { forwardAction, forwardsNowhere } from './forward-action.ts';
import { headerEdits } from './header-edits.ts';
import { pathRewrite } from './path-rewrite.ts';
import { routeMatch } from './route-match.ts';

export function xdsRoute(route: IrRoute): Route {
  return {
    name: route.name,
    match: routeMatch(route),
    ...headerEdits(route.requestHeaders, route.responseHeaders),
    ...routeAction(route),
  };
}

/** Ends a host whose calls must not go on to a less specific one. 404 is UNIMPLEMENTED to a gRPC client. */
export function noMatchRoute(): Route {
  return { name: 'no-match', match: { prefix: '/' }, direct_response: { status: 404 } };
}

function routeAction(route: IrRoute): Pick<Route, 'route' | 'redirect' | 'direct_response'> {
  const { action } = route;
  switch (action.type) {
    case 'respond':
      return { direct_response: respond(action.httpStatus) };
    case 'redirect':
      return { redirect: redirectAction(route, action) };
    case 'forward':
      if (forwardsNowhere(action)) return { direct_response: respond(route.protocol === 'grpc' ? 503 : 500) };
      return { route: forwardAction(route, action) };
  }
}

function respond(status: number): DirectResponseAction {
  return { status };
}

const redirectCodes: Record<number, RedirectAction['response_code']> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

function redirectAction(route: IrRoute, action: Extract<IrAction, { type: 'redirect' }>): RedirectAction {
  const path = action.path && pathRewrite(route.match.path, action.path);
  const code = redirectCodes[action.httpStatus];
  return {
    ...(action.scheme !== undefined && { scheme_redirect: action.scheme }),
    ...(action.hostname !== undefined && { host_redirect: action.hostname }),
    ...(action.port !== undefined && { port_redirect: action.port }),
    ...(path?.full !== undefined && { path_redirect: path.full }),
    ...(path?.prefix !== undefined && { prefix_rewrite: path.prefix }),
    ...(path?.regex !== undefined && { regex_rewrite: path.regex }),
    response_code: code ?? 'FOUND',
  };
}
