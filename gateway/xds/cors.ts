import type { IrCors, IrRoute } from '../ir/ir.ts';
import type { Route } from './envoy-types.ts';
import { pack } from './protos.ts';
import { routeMatch } from './route-match.ts';

export const corsFilter = 'envoy.filters.http.cors';

/** Envoy's CORS filter answers preflights from allowed origins, and marks the answers to calls from there. */
export function corsConfig(cors: IrCors): NonNullable<Route['typed_per_filter_config']> {
  return {
    [corsFilter]: pack('envoy.extensions.filters.http.cors.v3.CorsPolicy', {
      allow_origin_string_match: cors.allowOrigins.map((regex) => ({ safe_regex: { regex } })),
      allow_methods: cors.allowMethods.join(', '),
      allow_headers: cors.allowHeaders.join(', '),
      expose_headers: cors.exposeHeaders.join(', '),
      max_age: String(cors.maxAgeSeconds),
      allow_credentials: { value: cors.allowCredentials },
    }),
  };
}

/**
 * Refuses preflights from other origins. The filter would let the backend answer them, or tell them all but the allowed origin;
 * HTTPCORSFilter wants the gateway's own answer without any CORS header.
 */
export function refusedPreflight(route: IrRoute, cors: IrCors): Route {
  const match = routeMatch({ ...route, match: { ...route.match, method: 'OPTIONS' } });
  return {
    name: `${route.name}/preflight`,
    match: {
      ...match,
      headers: [
        ...(match.headers ?? []),
        { name: 'access-control-request-method', present_match: true },
        { name: 'origin', present_match: true },
        ...cors.allowOrigins.map((regex) => ({
          name: 'origin',
          string_match: { safe_regex: { regex } },
          invert_match: true,
        })),
      ],
    },
    direct_response: { status: 403 },
  };
}
