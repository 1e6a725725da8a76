import { adminPort, readyPort } from '../xds/container-port.ts';
import type { KeyAndCertificate } from './pki.ts';

/** What the controller's certificate is issued for; proxies check it. */
export const controllerDnsName = 'xds.routeproof.dev';

export interface BootstrapOptions {
  nodeId: string;
  xds: { address: string; port: number };
  /** PEM: who must have signed the controller's certificate. */
  ca: string;
  /** Directory that holds `clientSecretFile`, replaced as a whole when the certificate is renewed (as Secret volumes are). */
  tlsDir: string;
  /** Defaults are the pod's loopback, port 19000, and all addresses of the pod, port 19001; `pipe` for tests. */
  admin?: { pipe: string };
  ready?: { address: string; port: number };
}

/** The bootstrap configuration of one proxy: JSON, which Envoy reads as YAML. */
export function bootstrap(options: BootstrapOptions): string {
  const adminAddress =
    options.admin === undefined
      ? socketAddress('127.0.0.1', adminPort)
      : { pipe: { path: options.admin.pipe } };
  const ready = options.ready ?? { address: '0.0.0.0', port: readyPort };
  return JSON.stringify(
    {
      node: { id: options.nodeId, cluster: options.nodeId },
      admin: { address: adminAddress },
      dynamic_resources: {
        ads_config: {
          api_type: 'DELTA_GRPC',
          transport_api_version: 'V3',
          set_node_on_first_message_only: true,
          grpc_services: [{ envoy_grpc: { cluster_name: 'xds', retry_policy: reconnect } }],
        },
        cds_config: { ads: {}, resource_api_version: 'V3' },
        lds_config: { ads: {}, resource_api_version: 'V3' },
      },
      watchdogs: { main_thread_watchdog: watchdog, worker_watchdog: watchdog },
      layered_runtime: { layers: [{ name: 'static', static_layer: runtime }] },
      static_resources: {
        listeners: [readyListener(ready)],
        clusters: [xdsCluster(options), staticCluster('admin', adminAddress)],
      },
    },
    null,
    1,
  );
}

const runtime = {
  // The lines of a repeated header are one list (RFC 9110, 5.3), so that a match does not depend on how a client splits them.
  'envoy.reloadable_features.match_headers_individually': false,
  // Envoy's default of 100 refuses patterns that people write, "[a-z0-9-]{1,63}" for one; no bound would let one route fill a proxy.
  're2.max_program_size.error_level': 10_000,
};

/**
 * Every thread wakes for it at half the shortest of its times, by default every 100 ms: two thirds of what an idle proxy costs
 * (2.8 ms of CPU a second). They only count a thread that hangs, and nothing reads that faster than this.
 */
const watchdog = { miss_timeout: '5s', megamiss_timeout: '10s' };

/** A controller that restarts is back in about a second; Envoy's default waits up to 30 s. A refused connection costs neither of them anything. */
const reconnect = { retry_back_off: { base_interval: '0.1s', max_interval: '0.5s' } };

/**
 * The client certificate as Envoy reads it from a file, so that a renewed one is taken over without a restart. The PEM texts are
 * inside: each watched file costs an inotify instance, and Linux gives a user 128 of them. With separate files for certificate and
 * authority it was four an Envoy, and the 30th crashed.
 */
export const clientSecretFile = 'client.json';

export function clientSecret({ certificate, privateKey }: KeyAndCertificate): string {
  const secret = {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
    name: 'client',
    tls_certificate: {
      certificate_chain: { inline_string: certificate },
      private_key: { inline_string: privateKey },
    },
  };
  return JSON.stringify({ resources: [secret] });
}

function xdsCluster({ xds, ca, tlsDir }: BootstrapOptions): object {
  return {
    ...staticCluster('xds', socketAddress(xds.address, xds.port)),
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: {
          http2_protocol_options: { connection_keepalive: { interval: '10s', timeout: '5s' } },
        },
      },
    },
    transport_socket: {
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
        sni: controllerDnsName,
        common_tls_context: {
          alpn_protocols: ['h2'],
          tls_certificate_sds_secret_configs: [
            {
              name: 'client',
              sds_config: {
                path_config_source: {
                  path: `${tlsDir}/${clientSecretFile}`,
                  watched_directory: { path: tlsDir },
                },
                resource_api_version: 'V3',
              },
            },
          ],
          validation_context: {
            trusted_ca: { inline_string: ca },
            match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: controllerDnsName } }],
          },
        },
      },
    },
  };
}

function staticCluster(name: string, address: object): object {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

/** The only thing of the admin interface that can be reached from outside of the pod: /ready. */
function readyListener({ address, port }: { address: string; port: number }): object {
  return {
    name: 'ready',
    address: socketAddress(address, port),
    // It must go on answering while the others drain.
    ignore_global_conn_limit: true,
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              '@type':
                'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              stat_prefix: 'ready',
              route_config: {
                virtual_hosts: [
                  {
                    name: 'ready',
                    domains: ['*'],
                    routes: [{ match: { path: '/ready' }, route: { cluster: 'admin' } }],
                  },
                ],
              },
              http_filters: [
                {
                  name: 'envoy.filters.http.router',
                  typed_config: {
                    '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
                  },
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

function socketAddress(address: string, port: number): object {
  return { socket_address: { address, port_value: port } };
}
