import type { IrHeaderEdit, IrRoute } from '../ir/ir.ts';
import type { RouteAction, UpstreamHttpProtocolOptions } from './envoy-types.ts';
import { pack } from './protos.ts';

type RetryPolicy = NonNullable<RouteAction['retry_policy']>;

/** Put on each answer of a backend on its way to the router, and taken off before clients see it. */
const header = 'x-routeproof-retry-after';

/**
 * A pause that no retry after an answer comes before. Envoy's own back-off is a random time from zero on; only what an answer itself asks
 * for is kept as the least, in whole seconds, with up to half of it on top. A try that ends without an answer still has Envoy's own.
 */
export function leastBackoff(seconds: number): Pick<RetryPolicy, 'rate_limited_retry_back_off'> {
  return {
    rate_limited_retry_back_off: {
      reset_headers: [{ name: header, format: 'SECONDS' }],
      max_interval: { seconds },
    },
  };
}

/** Has every answer of the cluster ask for that pause. */
export function backoffFilters(seconds: number): NonNullable<UpstreamHttpProtocolOptions['http_filters']> {
  return [
    {
      name: 'envoy.filters.http.header_mutation',
      typed_config: pack('envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', {
        mutations: {
          response_mutations: [
            {
              append: {
                header: { key: header, value: String(seconds) },
                append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
              },
            },
          ],
        },
      }),
    },
    {
      name: 'envoy.filters.http.upstream_codec',
      typed_config: pack('envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec', {}),
    },
  ];
}

export function withoutBackoff({ retry, responseHeaders }: IrRoute): IrHeaderEdit {
  if (retry?.leastBackoffSeconds === undefined) return responseHeaders;
  return { ...responseHeaders, remove: [...responseHeaders.remove, header] };
}
