import type { IrCluster } from '../ir/ir.ts';
import { fromAds } from './ads-source.ts';
import { backendTlsSocket } from './backend-tls.ts';
import { duration } from './forward-action.ts';
import { http2Options } from './http2-options.ts';
import { backoffFilters } from './least-backoff.ts';
import { pack } from './protos.ts';
import { makeResource } from './resource.ts';
import type { XdsResource } from './resource.ts';

/** Envoy's defaults (1,024 requests at once, 3 retries) refuse calls under load with UNAVAILABLE. */
const noLimit = { value: 4_294_967_295 };

/**
 * Depends on the name, protocol and TLS settings only, so that a changed endpoint never replaces a cluster and its connections.
 *
 * @param clientCertificate - name of the secret that backends are shown, where there is TLS
 */
export function clusterResource(
  { name, protocol, tls, leastBackoffSeconds }: IrCluster,
  clientCertificate?: string,
): XdsResource {
  const http = protocol === 'h2c' ? { http2_protocol_options: http2Options } : { http_protocol_options: {} };
  return makeResource('cds', name, 'envoy.config.cluster.v3.Cluster', {
    name,
    type: 'EDS',
    eds_cluster_config: { eds_config: fromAds },
    // A refused connection is known at once; this is for addresses that do not answer.
    connect_timeout: duration(5000),
    lb_policy: 'LEAST_REQUEST',
    ...(tls && { transport_socket: backendTlsSocket(tls, protocol, clientCertificate) }),
    // Removed endpoints leave at once, and changes are not held back for the default second.
    ignore_health_on_host_removal: true,
    common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: duration(0) },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: noLimit,
          max_pending_requests: noLimit,
          max_requests: noLimit,
          max_retries: noLimit,
        },
      ],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': pack(
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          explicit_http_config: http,
          ...(leastBackoffSeconds !== undefined && { http_filters: backoffFilters(leastBackoffSeconds) }),
        },
      ),
    },
  });
}

export function endpointsResource({ name, endpoints }: IrCluster): XdsResource {
  return makeResource('eds', name, 'envoy.config.endpoint.v3.ClusterLoadAssignment', {
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: endpoints.map(({ address, port }) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  });
}
