import { given } from '../../common/given.ts';
/** Where the lean Envoy listens. */
export const floorPorts = { h2c: 8080, tls: 8443 } as const;

const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const manager = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

/**
 * The configuration that someone who knows Envoy would write by hand for this one backend: one listener, one route, one cluster. What
 * costs on each call and nobody reads (access log, request id, x-envoy-* headers) is off. JSON, which Envoy reads as YAML.
 *
 * @param certificate - adds the same listener with TLS
 */
export function floorConfig(
  backend: { address: string; port: number },
  certificate?: { certPem: string; keyPem: string },
): string {
  const tls = certificate === undefined ? [] : [listener(floorPorts.tls, tlsSocket(certificate))];
  return JSON.stringify({
    // Threads that hang are no matter of a benchmark; by default every thread wakes ten times a second to look.
    watchdogs: { main_thread_watchdog: watchdog, worker_watchdog: watchdog },
    static_resources: {
      listeners: [listener(floorPorts.h2c), ...tls],
      clusters: [
        {
          name: 'backend',
          type: 'STATIC',
          connect_timeout: '5s',
          // Envoy's default of 1,024 requests at once would be the ceiling that is measured.
          circuit_breakers: { thresholds: [{ max_requests: 1_000_000, max_pending_requests: 1_000_000 }] },
          typed_extension_protocol_options: {
            [http]: {
              '@type': `type.googleapis.com/${http}`,
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'backend',
            endpoints: [
              {
                lb_endpoints: [
                  {
                    endpoint: {
                      address: { socket_address: { address: backend.address, port_value: backend.port } },
                    },
                  },
                ],
              },
            ],
          },
        },
      ],
    },
  });
}

const watchdog = { miss_timeout: '5s', megamiss_timeout: '10s' };

function listener(port: number, transportSocket?: object): object {
  return {
    name: `port-${port}`,
    address: { socket_address: { address: '0.0.0.0', port_value: port } },
    filter_chains: [
      {
        ...given({ transport_socket: transportSocket }),
        filters: [
          { name: 'envoy.filters.network.http_connection_manager', typed_config: connectionManager() },
        ],
      },
    ],
  };
}

function connectionManager(): object {
  const router = 'envoy.extensions.filters.http.router.v3.Router';
  return {
    '@type': `type.googleapis.com/${manager}`,
    stat_prefix: 'floor',
    codec_type: 'HTTP2',
    generate_request_id: false,
    stream_idle_timeout: '0s',
    route_config: {
      virtual_hosts: [
        {
          name: 'all',
          domains: ['*'],
          routes: [{ match: { prefix: '/' }, route: { cluster: 'backend', timeout: '0s' } }],
        },
      ],
    },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': `type.googleapis.com/${router}`, suppress_envoy_headers: true },
      },
    ],
  };
}

function tlsSocket({ certPem, keyPem }: { certPem: string; keyPem: string }): object {
  const context = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `type.googleapis.com/${context}`,
      common_tls_context: {
        alpn_protocols: ['h2'],
        tls_certificates: [
          { certificate_chain: { inline_string: certPem }, private_key: { inline_string: keyPem } },
        ],
      },
    },
  };
}
