import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** PEM texts. */
export interface KeyAndCertificate {
  certificate: string;
  privateKey: string;
}

export interface IssueOptions {
  authority: KeyAndCertificate;
  commonName: string;
  subjectAltName: { type: 'dns' | 'url'; value: string };
  usage: 'server' | 'client';
  notBefore: Date;
  validityDays: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 3600 * 1000;
const authorityYears = 10;

/** A new certificate authority for xDS, valid for ten years. */
export async function createAuthority(now: Date): Promise<KeyAndCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=routeproof xDS',
    notBefore: now,
    notAfter: new Date(now.getTime() + authorityYears * 365 * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await privateKeyPem(keys.privateKey) };
}

/** A certificate for one end of an xDS connection. */
export async function issue(options: IssueOptions): Promise<KeyAndCertificate> {
  const { authority, commonName, subjectAltName, usage, notBefore, validityDays } = options;
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.privateKey),
    algorithm,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: issuer.subject,
    notBefore,
    notAfter: new Date(notBefore.getTime() + validityDays * dayMs),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        usage === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([subjectAltName]),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await privateKeyPem(keys.privateKey) };
}

/** The share of a certificate's life that has passed at `now`: under 0 before it, over 1 after it. */
export function lifeSpent(certificate: string, now: Date): number {
  const { notBefore, notAfter } = new x509.X509Certificate(certificate);
  return (now.getTime() - notBefore.getTime()) / (notAfter.getTime() - notBefore.getTime());
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
