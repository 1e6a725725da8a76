import type { IrBackendTls, IrCluster } from '../ir/ir.ts';
import { fromAds } from './ads-source.ts';
import type { Cluster, SubjectAltNameMatcher } from './envoy-types.ts';
import { pack } from './protos.ts';

/** How Envoy connects to backends that a BackendTLSPolicy is for: Cluster.transport_socket. */
export function backendTlsSocket(
  { serverName, caPem, subjectAltNames }: IrBackendTls,
  protocol: IrCluster['protocol'],
  clientCertificate?: string,
): NonNullable<Cluster['transport_socket']> {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: pack('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
      sni: serverName,
      common_tls_context: {
        // Towards backends, Envoy goes no further than 1.2 by default.
        tls_params: { tls_maximum_protocol_version: 'TLSv1_3' },
        ...(clientCertificate !== undefined && {
          tls_certificate_sds_secret_configs: [{ name: clientCertificate, sds_config: fromAds }],
        }),
        alpn_protocols: [protocol === 'h2c' ? 'h2' : 'http/1.1'],
        validation_context: {
          trusted_ca: { inline_string: caPem },
          match_typed_subject_alt_names: subjectAltNames.map(sanMatcher),
        },
      },
    }),
  };
}

/** Envoy itself lets a wildcard in the certificate match an exact DNS name. */
function sanMatcher({ type, value }: IrBackendTls['subjectAltNames'][number]): SubjectAltNameMatcher {
  if (type === 'uri') return { san_type: 'URI', matcher: { exact: value } };
  if (value.startsWith('*.')) {
    return { san_type: 'DNS', matcher: { suffix: value.slice(1), ignore_case: true } };
  }
  return { san_type: 'DNS', matcher: { exact: value } };
}
