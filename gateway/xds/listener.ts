import type { IrClientValidation, IrPort, IrTable, IrTls } from '../ir/ir.ts';
import { fromAds } from './ads-source.ts';
import { connectionManager } from './connection-manager.ts';
import type { FilterChain, Listener } from './envoy-types.ts';
import { pack } from './protos.ts';
import { makeResource } from './resource.ts';
import type { XdsResource } from './resource.ts';

/** One xDS listener for a port of the Gateway; Envoy listens on `containerPort`. */
export function listenerResource(port: IrPort, containerPort: number): XdsResource {
  const tls = port.protocol === 'HTTPS';
  const message: Listener = {
    name: listenerName(port.port),
    address: { socket_address: { address: '0.0.0.0', port_value: containerPort } },
    // Filter chains are compared one by one: a new or changed table drains no connection of another.
    filter_chains: port.tables.map((table) => filterChain(table)),
    ...(tls && {
      listener_filters: [
        {
          name: 'envoy.filters.listener.tls_inspector',
          typed_config: pack('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', {}),
        },
      ],
    }),
  };
  const tables = port.tables.map(({ id }) => id);
  return makeResource('lds', listenerName(port.port), 'envoy.config.listener.v3.Listener', message, {
    tables,
  });
}

export function listenerName(port: number): string {
  return `port-${port}`;
}

function filterChain(table: IrTable): FilterChain {
  return {
    name: table.id,
    ...(table.tls && tlsPart(table.tls)),
    filters: [
      {
        name: 'envoy.filters.network.http_connection_manager',
        typed_config: pack(
          'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          connectionManager(table.id),
        ),
      },
    ],
  };
}

function tlsPart(tls: IrTls): Pick<FilterChain, 'filter_chain_match' | 'transport_socket'> {
  return {
    // Without names it is the chain for every other SNI, and for clients that send none.
    filter_chain_match: { server_names: tls.serverName === undefined ? [] : [tls.serverName] },
    transport_socket: {
      name: 'envoy.transport_sockets.tls',
      typed_config: pack('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
        common_tls_context: {
          alpn_protocols: ['h2', 'http/1.1'],
          tls_certificate_sds_secret_configs: tls.certificates.map(({ name }) => ({
            name,
            sds_config: fromAds,
          })),
          ...(tls.clientValidation && { validation_context: validationContext(tls.clientValidation) }),
        },
        require_client_certificate: { value: tls.clientValidation?.mode === 'require' },
      }),
    },
  };
}

/** Whoever is only asked is let in with any certificate, or none. */
function validationContext({ caPem, mode }: IrClientValidation): object {
  return {
    trusted_ca: { inline_string: caPem },
    trust_chain_verification: mode === 'require' ? 'VERIFY_TRUST_CHAIN' : 'ACCEPT_UNTRUSTED',
  };
}
