import type { IrRoute } from '../ir/ir.ts';
import { corsConfig, refusedPreflight } from './cors.ts';
import type { DirectResponseAction, Route } from './envoy-types.ts';
import { forwardAction, forwardsNowhere } from './forward-action.ts';
import { headerEdits } from './header-edits.ts';
import { redirectAction } from './redirect-action.ts';
import type { RouteHost } from './redirect-action.ts';
import { withoutBackoff } from './least-backoff.ts';
import { routeMatch } from './route-match.ts';
import { onlyPinned, pinnedRoutes, withSession } from './session.ts';

/** One route of the IR: itself, after those that must not come to it. */
export function xdsRoutes(route: IrRoute, host: RouteHost): Route[] {
  const { session } = route;
  if (session === undefined || route.action.type === 'redirect') return plainRoutes(route, host);
  const listener = host.listener.protocol;
  const pinned = pinnedRoutes(route, session).flatMap(({ to, tag }) =>
    plainRoutes(to, host).map((each) => onlyPinned(each, tag)),
  );
  return [...pinned, ...plainRoutes(route, host)].map((each) => withSession(each, session, listener));
}

function plainRoutes(route: IrRoute, host: RouteHost): Route[] {
  const { cors } = route;
  const own: Route = {
    name: route.name,
    match: routeMatch(route),
    ...headerEdits(route.requestHeaders, withoutBackoff(route)),
    ...routeAction(route, host),
  };
  if (cors === undefined || own.route === undefined) return [own];
  const typed_per_filter_config = { ...own.typed_per_filter_config, ...corsConfig(cors) };
  return [refusedPreflight(route, cors), { ...own, typed_per_filter_config }];
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
