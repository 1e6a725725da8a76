import type { RouteRef, XdsType } from '../xds/resource.ts';

/** A resource, or a route in it, that Envoy refused. */
export interface Rejection {
  resource: string;
  type: XdsType;
  message: string;
  source?: RouteRef['source'];
  generation?: number;
}
