import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Certificate {
  certPem: string;
  keyPem: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Clocks of clients and proxies may be a little behind. */
const backdatedMs = 60 * 60 * 1_000;
const validForMs = 24 * 60 * 60 * 1_000;

/** A self-signed certificate for these DNS names and URIs, valid for a day; it is its own CA. */
export async function selfSigned(dnsNames: string[], uris: string[] = []): Promise<Certificate> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${(dnsNames[0] ?? 'routeproof').slice(0, 64)}`,
    notBefore: new Date(Date.now() - backdatedMs),
    notAfter: new Date(Date.now() + validForMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...uris.map((value) => ({ type: 'url' as const, value })),
      ]),
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certPem: certificate.toString('pem'), keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

/** The certificate as a kubernetes.io/tls Secret. */
export function tlsSecretOf(
  certificate: Certificate,
  metadata: { name: string; namespace?: string },
): {
  apiVersion: string;
  kind: string;
  type: string;
  metadata: typeof metadata;
  data: Record<string, string>;
} {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata,
    data: { 'tls.crt': base64(certificate.certPem), 'tls.key': base64(certificate.keyPem) },
  };
}
