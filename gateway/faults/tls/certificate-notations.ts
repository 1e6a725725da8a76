import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['tls', 'status', 'programmed', 'connect'];

/** A Secret with such a certificate or key counts as malformed. */
function malformedWhere(field: 'tls.crt' | 'tls.key', isMeant: (pem: string) => boolean): FaultHooks {
  return {
    input: onObjects('secrets', (secret) => {
      const pem = Buffer.from(secret.data?.[field] ?? '', 'base64').toString('utf8');
      return isMeant(pem) ? { ...secret, data: { ...secret.data, [field]: '' } } : secret;
    }),
  };
}

/** The same certificate and the same key, written down in another way. */
export const notations: readonly Fault[] = [
  {
    name: 'sec1-keys-refused',
    title: 'A certificate whose key is in SEC 1 form, as openssl ecparam writes it, counts as malformed.',
    clauses: ['tls-secret-key-forms'],
    layers,
    reference: 'envoyproxy/gateway#9338',
    hooks: () => malformedWhere('tls.key', (pem) => pem.includes('BEGIN EC PARAMETERS')),
  },
  {
    name: 'pkcs1-keys-refused',
    title: 'A certificate whose RSA key is in PKCS 1 form counts as malformed.',
    clauses: ['tls-secret-key-forms'],
    layers,
    hooks: () => malformedWhere('tls.key', (pem) => pem.includes('BEGIN RSA PRIVATE KEY')),
  },
  {
    name: 'carriage-returns-in-pem-refused',
    title: 'A certificate whose lines end in carriage return and line feed counts as malformed.',
    clauses: ['tls-secret-lax-pem'],
    layers,
    reference: 'envoyproxy/gateway#8744',
    hooks: () => malformedWhere('tls.crt', (pem) => pem.includes('\r\n')),
  },
  {
    name: 'text-around-pem-refused',
    title:
      'A certificate with lines of text before it, as openssl x509 -text writes them, counts as malformed.',
    clauses: ['tls-secret-lax-pem'],
    layers,
    hooks: () => malformedWhere('tls.crt', (pem) => pem !== '' && !pem.startsWith('-----BEGIN')),
  },
];
