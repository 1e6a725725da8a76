import type { IrRoute } from '../ir/ir.ts';
import type { DirectResponseAction, Route } from './envoy-types.ts';
import { forwardAction, forwardsNowhere } from './forward-action.ts';
import { headerEdits } from './header-edits.ts';
import { redirectAction } from './redirect-action.ts';
import type { RouteHost } from './redirect-action.ts';
import { routeMatch } from './route-match.ts';

export function xdsRoute(route: IrRoute, host: RouteHost): Route {
  return {
    name: route.name,
    match: routeMatch(route),
    ...headerEdits(route.requestHeaders, route.responseHeaders),
    ...routeAction(route, host),
  };
}

/** Ends a host whose calls must not go on to a less specific one. 404 is UNIMPLEMENTED to a gRPC client. */
export function noMatchRoute(): Route {
  return { name: 'no-match', match: { prefix: '/' }, direct_response: { status: 404 } };
}

type Action = Pick<Route, 'route' | 'redirect' | 'direct_response' | 'typed_per_filter_config'>;

function routeAction(route: IrRoute, host: RouteHost): Action {
  const { action } = route;
  switch (action.type) {
    case 'respond':
      return { direct_response: respond(action.httpStatus) };
    case 'redirect':
      return redirectAction(route.match.path, action, host);
    case 'forward':
      if (forwardsNowhere(action)) return { direct_response: respond(route.protocol === 'grpc' ? 503 : 500) };
      return { route: forwardAction(route, action) };
  }
}

function respond(status: number): DirectResponseAction {
  return { status };
}
