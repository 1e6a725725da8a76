import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { lifetime, newKeys, pemOf, subjectAltNames, subjectOf } from './certificate.ts';
import type { Certificate } from './certificate.ts';

/** A certificate for these DNS names that an intermediate CA has signed; `certPem` has both. @returns also the root that signed that one, in PEM */
export async function issuedByIntermediate(
  dnsNames: string[],
  ofLeaf = lifetime(),
): Promise<Certificate & { rootPem: string }> {
  const [root, intermediate, leaf] = [await newKeys(), await newKeys(), await newKeys()];
  const [rootName, intermediateName] = ['CN=root', 'CN=intermediate'];
  const isCa = [new x509.BasicConstraintsExtension(true, undefined, true)];
  const certificate = (
    of: { subject: string; issuer: string; signer: webcrypto.CryptoKeyPair; keys: webcrypto.CryptoKeyPair },
    extensions: x509.Extension[],
    valid = lifetime(),
  ): Promise<x509.X509Certificate> =>
    x509.X509CertificateGenerator.create({
      ...valid,
      subject: of.subject,
      issuer: of.issuer,
      signingKey: of.signer.privateKey,
      publicKey: of.keys.publicKey,
      extensions,
    });
  const chain = [
    await certificate(
      { subject: subjectOf(dnsNames), issuer: intermediateName, signer: intermediate, keys: leaf },
      [subjectAltNames(dnsNames)],
      ofLeaf,
    ),
    await certificate(
      { subject: intermediateName, issuer: rootName, signer: root, keys: intermediate },
      isCa,
    ),
  ];
  const top = await certificate({ subject: rootName, issuer: rootName, signer: root, keys: root }, isCa);
  return {
    certPem: chain.map((each) => each.toString('pem')).join('\n'),
    keyPem: await pemOf(leaf.privateKey),
    rootPem: top.toString('pem'),
  };
}
