import { X509Certificate } from 'node:crypto';
import type { IrCertificate } from '../../ir/ir.ts';
import { isWildcard } from '../model/hostname.ts';

/** Parsed once for each certificate: the reader of Secrets gives the same object as long as its Secret is the same. */
const known = new WeakMap<IrCertificate, readonly string[]>();

/** The DNS names in a certificate's subjectAltName, in lower case: what clients look at, unlike the common name. */
export function dnsNames(certificate: IrCertificate): readonly string[] {
  const names = known.get(certificate) ?? parse(certificate.certificatePem);
  known.set(certificate, names);
  return names;
}

/** `DNS:a.example.com, IP Address:..., DNS:*.b.example.com` */
function parse(pem: string): string[] {
  const entries = (new X509Certificate(pem).subjectAltName ?? '').split(', ');
  return entries.flatMap((entry) =>
    entry.startsWith('DNS:') ? [entry.slice('DNS:'.length).toLowerCase()] : [],
  );
}

/** Whether some name is good for both certificates. Unlike a hostname of Gateway API, `*.a.b` is good for one label only (RFC 6125). */
export function shareNames(left: IrCertificate, right: IrCertificate): boolean {
  return dnsNames(left).some((one) =>
    dnsNames(right).some((other) => one === other || fits(one, other) || fits(other, one)),
  );
}

function fits(wildcard: string, name: string): boolean {
  return isWildcard(wildcard) && name.slice(name.indexOf('.')) === wildcard.slice(1);
}
