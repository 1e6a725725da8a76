/** Certificates that a Gateway shows to backends. */
import { X509Certificate } from 'node:crypto';
import type { KubernetesObject, Scenario } from '../../harness/index.ts';

interface Secret extends KubernetesObject {
  data: Record<string, string>;
}

/** A Gateway with what it shows to backends. */
export interface ShowingGateway extends KubernetesObject {
  spec: { tls?: { backend?: { clientCertificateRef?: SecretReference } } };
}

interface SecretReference {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

/** A new certificate in the Secret `name`: its SHA-256, as backends tell it. */
export async function clientCertificate(t: Scenario, name: string, namespace?: string): Promise<string> {
  const at = { name, ...(namespace !== undefined && { namespace }) };
  await t.tlsSecret(at, [`${name}.clients.example.com`]);
  const { data } = await t.get<Secret>({ kind: 'Secret', ...at });
  return new X509Certificate(Buffer.from(data['tls.crt'] ?? '', 'base64')).fingerprint256;
}

/** Has the Gateway show another certificate, or none. */
export async function show(t: Scenario, gateway: string, ref: SecretReference | undefined): Promise<void> {
  await t.update<ShowingGateway>({ kind: 'Gateway', name: gateway }, ({ spec }) => {
    if (ref === undefined) delete spec.tls;
    else spec.tls = { backend: { clientCertificateRef: ref } };
  });
}
