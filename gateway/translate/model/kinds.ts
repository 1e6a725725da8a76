export const gatewayGroup = 'gateway.networking.k8s.io';

export type RouteKind = 'GRPCRoute' | 'HTTPRoute';

/** In the order in which supportedKinds lists them. */
export const routeKinds: readonly RouteKind[] = ['GRPCRoute', 'HTTPRoute'];

export function isRouteKind(kind: string): kind is RouteKind {
  return (routeKinds as readonly string[]).includes(kind);
}
