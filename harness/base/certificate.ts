import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Certificate {
  certPem: string;
  keyPem: string;
}

export type KeyKind = 'ecdsa' | 'rsa';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};
/** Clocks of clients and proxies may be a little behind. */
const backdatedMs = 60 * 60 * 1_000;
const validForMs = 24 * 60 * 60 * 1_000;

/** A self-signed certificate for these DNS names and URIs, valid for a day; it is its own CA. */
export async function selfSigned(
  dnsNames: string[],
  uris: string[] = [],
  keyKind: KeyKind = 'ecdsa',
): Promise<Certificate> {
  const keys = await newKeys(keyKind);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(),
    name: subjectOf(dnsNames),
    signingAlgorithm: keyKind === 'rsa' ? rsa : ecdsa,
    keys,
    extensions: [
      subjectAltNames(dnsNames, uris),
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
    ],
  });
  return { certPem: certificate.toString('pem'), keyPem: await pemOf(keys.privateKey) };
}

export async function newKeys(kind: KeyKind = 'ecdsa'): Promise<webcrypto.CryptoKeyPair> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return kind === 'rsa'
    ? webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
    : webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
}

export function lifetime(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - backdatedMs), notAfter: new Date(Date.now() + validForMs) };
}

/** Over since long enough for clocks that are a little behind. */
export function pastLifetime(): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(Date.now() - 3 * backdatedMs),
    notAfter: new Date(Date.now() - backdatedMs),
  };
}

/** A common name has 64 characters at most. */
export function subjectOf(dnsNames: string[]): string {
  return `CN=${(dnsNames[0] ?? 'routeproof').slice(0, 64)}`;
}

export function subjectAltNames(
  dnsNames: string[],
  uris: string[] = [],
): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...uris.map((value) => ({ type: 'url' as const, value })),
  ]);
}

export async function pemOf(privateKey: webcrypto.CryptoKey): Promise<string> {
  const key = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return x509.PemConverter.encode(key, 'PRIVATE KEY');
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
