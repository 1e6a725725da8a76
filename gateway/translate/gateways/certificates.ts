import { createPrivateKey, X509Certificate } from 'node:crypto';
import { objectKey } from '../../../common/object-key.ts';
import type { IrCertificate } from '../../ir/ir.ts';
import type { Secret, SecretRef } from '../model/gateway-api.ts';
import { gatewayGroup } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';
import type { References } from '../backends/references.ts';
import type { Result } from '../model/result.ts';

export interface Certificates {
  certificates: IrCertificate[];
  problems: Problem[];
}

/** Reads TLS Secrets; what a Secret holds is parsed once for each version of it. */
export class CertificateReader {
  readonly #parsed = new WeakMap<Secret, Result<IrCertificate>>();

  /** The certificates of a listener. Grants come first: a forbidden reference does not tell whether the Secret exists. */
  read(
    owner: ListenerOwner,
    refs: readonly SecretRef[],
    secrets: ReadonlyMap<string, Secret>,
    references: References,
  ): Certificates {
    const result: Certificates = { certificates: [], problems: [] };
    for (const ref of refs) {
      const outcome = this.#follow(owner, ref, secrets, references);
      if ('reason' in outcome) result.problems.push(outcome);
      else result.certificates.push(outcome);
    }
    return result;
  }

  #follow(
    owner: ListenerOwner,
    ref: SecretRef,
    secrets: ReadonlyMap<string, Secret>,
    references: References,
  ): IrCertificate | Problem {
    const group = ref.group ?? '';
    const kind = ref.kind ?? 'Secret';
    const namespace = ref.namespace ?? owner.namespace;
    const key = objectKey(namespace, ref.name);
    const from = { group: gatewayGroup, kind: owner.kind, namespace: owner.namespace };
    if (!references.permits(from, { group, kind, namespace, name: ref.name })) {
      const message = `${kind} ${key}: no ReferenceGrant in namespace ${namespace} lets ${owner.kind}s of namespace ${owner.namespace} refer to it`;
      return { reason: 'RefNotPermitted', message };
    }
    if (group !== '' || kind !== 'Secret') {
      return invalidRef(`kind ${kind} of group "${group}" is not supported as a certificate`);
    }
    const secret = secrets.get(key);
    if (secret === undefined) return invalidRef(`Secret ${key} does not exist`);
    const parsed = this.#parsed.get(secret) ?? parse(key, secret);
    this.#parsed.set(secret, parsed);
    return parsed.value ?? invalidRef(`Secret ${key} ${parsed.problem}`);
  }
}

function invalidRef(message: string): Problem {
  return { reason: 'InvalidCertificateRef', message };
}

/** Envoy refuses a whole listener over a broken certificate, so the pair is checked before it gets there. */
function parse(key: string, secret: Secret): Result<IrCertificate> {
  if (secret.type !== undefined && secret.type !== 'kubernetes.io/tls') {
    return { problem: `is of type ${secret.type}, not kubernetes.io/tls` };
  }
  const certificatePem = decode(secret.data?.['tls.crt']);
  const privateKeyPem = decode(secret.data?.['tls.key']);
  if (certificatePem === '' || privateKeyPem === '') return { problem: 'lacks tls.crt or tls.key' };
  try {
    const matches = new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
    if (!matches) return { problem: 'holds a private key that does not belong to its certificate' };
  } catch {
    return { problem: 'holds no readable certificate and private key in PEM form' };
  }
  return { value: { name: key, certificatePem, privateKeyPem } };
}

function decode(base64: string | undefined): string {
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('utf8');
}

/** The object that a listener is written in. */
export interface ListenerOwner {
  kind: 'Gateway' | 'ListenerSet';
  namespace: string;
  name: string;
}
