import type { IrCertificate } from '../ir/ir.ts';
import { makeResource } from './resource.ts';
import type { XdsResource } from './resource.ts';

/** A listener refers to its certificates by name, so that a rotated one is swapped without draining any connection. */
export function secretResource({ name, certificatePem, privateKeyPem }: IrCertificate): XdsResource {
  return makeResource('sds', name, 'envoy.extensions.transport_sockets.tls.v3.Secret', {
    name,
    tls_certificate: {
      certificate_chain: { inline_string: certificatePem },
      private_key: { inline_string: privateKeyPem },
    },
  });
}
