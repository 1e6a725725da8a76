import { createPrivateKey } from 'node:crypto';
import { scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import type { Secret } from '../shapes.ts';

const host = 'rpc.example.com';
const secretOf = (name: string) => ({ kind: 'Secret', apiVersion: 'v1', name });

interface Pair {
  certificate: string;
  key: string;
}

type Notation = (pair: Pair) => Pair;

/** What `openssl ecparam -genkey` writes in front of a key on P-256: the name of the curve. */
const curve = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

const keyAs = (type: 'sec1' | 'pkcs1', key: string): string =>
  createPrivateKey(key).export({ type, format: 'pem' }).toString();

const lax: Record<string, Notation> = {
  'with text before it': ({ certificate, key }) => ({
    certificate: `Certificate:\n    Data:\n        Version: 3 (0x2)\n${certificate}`,
    key,
  }),
  'with carriage returns': ({ certificate, key }) => ({
    certificate: certificate.replaceAll('\n', '\r\n'),
    key: key.replaceAll('\n', '\r\n'),
  }),
};

/** A new certificate, which the listeners' Secret gets in that notation at once. Returns its CA. */
async function replace(t: Scenario, notation: Notation, kind: 'ecdsa' | 'rsa' = 'ecdsa'): Promise<string> {
  const ca = await t.tlsSecret({ name: 'draft' }, [host], kind);
  const { data } = await t.get<Secret>(secretOf('draft'));
  const text = (field: string): string => Buffer.from(data[field] ?? '', 'base64').toString('utf8');
  const { certificate, key } = notation({ certificate: text('tls.crt'), key: text('tls.key') });
  await t.update<Secret>(secretOf('edge-cert'), (secret) => {
    secret.data = {
      'tls.crt': Buffer.from(certificate).toString('base64'),
      'tls.key': Buffer.from(key).toString('base64'),
    };
  });
  return ca;
}

scenario(
  {
    id: 'tls/notations',
    title: 'A certificate and its key are used in whichever of the common notations they are written',
    support: 'core',
    clauses: ['tls-terminate-secret', 'tls-secret-lax-pem', 'tls-secret-key-forms'],
    guards: ['envoyproxy/gateway#9338', 'envoyproxy/gateway#8744'],
    backends: ['v1'],
  },
  async (t) => {
    const served = (ca: string, connection: string) =>
      t.callMust({ host, tls: { ca }, connection, fresh: true }, { backend: 'v1' });
    const first = await t.tlsSecret({ name: 'edge-cert' }, [host]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('rpc');
    await served(first, 'first');
    for (const [name, notation] of Object.entries(lax)) await served(await replace(t, notation), name);

    await t.implied(['tls-secret-key-forms'], async () => {
      const sec1 = await replace(t, ({ certificate, key }) => ({
        certificate,
        key: `${curve}${keyAs('sec1', key)}`,
      }));
      await served(sec1, 'SEC 1');
      const pkcs1 = await replace(
        t,
        ({ certificate, key }) => ({ certificate, key: keyAs('pkcs1', key) }),
        'rsa',
      );
      await served(pkcs1, 'PKCS 1');
    });
  },
);
