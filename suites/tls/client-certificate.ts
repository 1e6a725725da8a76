/** Certificates that clients show, and the CAs that Gateways know them by. */
import { expect } from '../../harness/index.ts';
import type { Call, KubernetesObject, Scenario } from '../../harness/index.ts';
import type { Gateway, Secret } from '../shapes.ts';

export interface ClientCertificate {
  clientCert: string;
  clientKey: string;
}

/** A Gateway with what it asks of clients. */
export interface AskingGateway extends Gateway {
  spec: Gateway['spec'] & {
    tls: {
      frontend: {
        default: { validation: { mode?: string } };
        perPort: {
          port: number;
          tls: { validation?: { mode?: string; caCertificateRefs: { name: string }[] } };
        }[];
      };
    };
  };
}

/**
 * A new client certificate, whose CA the ConfigMap `NAME-ca` of that namespace holds.
 *
 * @param kind - default one that is its own CA; `chain`: signed by an intermediate CA, which the client shows as well; `expired`: as
 *   `chain`, and not valid any more
 */
export async function clientWithCa(
  t: Scenario,
  name: string,
  namespace?: string,
  kind?: 'chain' | 'expired',
): Promise<ClientCertificate> {
  const at = { name, ...(namespace !== undefined && { namespace }) };
  const ca = await t.tlsSecret(at, [`${name}.clients.example.com`], kind);
  await caConfigMap(t, { ...at, name: `${name}-ca` }, ca);
  const { data } = await t.get<Secret>({ kind: 'Secret', ...at });
  const text = (field: string): string => Buffer.from(data[field] ?? '', 'base64').toString('utf8');
  return { clientCert: text('tls.crt'), clientKey: text('tls.key') };
}

export async function caConfigMap(
  t: Scenario,
  metadata: { name: string; namespace?: string },
  ca: string,
): Promise<void> {
  const data = { 'ca.crt': ca };
  await t.applyObjects({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as KubernetesObject);
}

/** Three calls in a row end before there is a connection to call on. */
export async function mustBeTurnedAway(t: Scenario, call: Call): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    const { status, backend, statusName } = await t.call(call);
    await t.check(
      `port ${String(call.port ?? 443)} turns away a client ${call.tls === true ? 'without' : 'with the wrong'} certificate`,
      () => {
        expect(backend).to.equal(undefined);
        expect(status, statusName).to.equal(null);
      },
      'tls',
    );
  }
}
