import type { Logger } from 'pino';
import { ApiStatusError } from '../provider/api-client.ts';
import type { ApiClient } from '../provider/api-client.ts';
import { createAuthority } from './pki.ts';
import type { KeyAndCertificate } from './pki.ts';

interface TlsSecret {
  data?: Record<string, string>;
}

const secretName = 'routeproof-xds-ca';

/**
 * The authority that signs both ends of xDS, kept in a Secret of the controller's namespace and made when it is not there. To
 * replace it, delete the Secret and restart the controller: proxies get new certificates and are rolled over.
 */
export async function loadAuthority(client: ApiClient, log: Logger): Promise<KeyAndCertificate> {
  const secrets = `/api/v1/namespaces/${client.config.namespace}/secrets`;
  const read = (): Promise<TlsSecret | undefined> =>
    client.json<TlsSecret>({ method: 'GET', path: `${secrets}/${secretName}` }).catch(undefinedOn(404));
  const existing = await read();
  if (existing !== undefined) return fromSecret(existing);
  const authority = await createAuthority(new Date());
  const made = await client
    .json<TlsSecret>({ method: 'POST', path: secrets, body: toSecret(authority) })
    .catch(undefinedOn(409));
  if (made === undefined) {
    // Another controller was faster.
    const theirs = await read();
    if (theirs !== undefined) return fromSecret(theirs);
  }
  log.info({ secret: secretName }, 'made a certificate authority for xDS');
  return authority;
}

function undefinedOn(code: number): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiStatusError && error.code === code) return undefined;
    throw error;
  };
}

function fromSecret({ data = {} }: TlsSecret): KeyAndCertificate {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  return { certificate: text('tls.crt'), privateKey: text('tls.key') };
}

function toSecret({ certificate, privateKey }: KeyAndCertificate): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': privateKey },
  };
}
