import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** The first certificate of a PEM text; undefined when there is none, or one of them is broken. */
export function certificateIn(pem: string): X509Certificate | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block))[0];
  } catch {
    return undefined;
  }
}

/** Undefined when the text is no private key. */
export function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
