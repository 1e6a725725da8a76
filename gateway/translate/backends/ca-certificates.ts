import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { objectKey } from '../../../common/object-key.ts';
import type { BackendTlsPolicy, ConfigMap } from '../model/gateway-api.ts';
import type { Problem } from '../model/problems.ts';
import type { Result } from '../model/result.ts';

export interface TrustedCas {
  /** PEM of every reference that resolves; undefined when none does. */
  caPem?: string;
  /** In the order of the references. */
  problems: Problem[];
}

type CaRef = NonNullable<BackendTlsPolicy['spec']['validation']['caCertificateRefs']>[number];

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

let systemPem: string | undefined;

/** The CAs that Node.js trusts: Mozilla's list, and those of NODE_EXTRA_CA_CERTS, by which an operator adds more. */
export function systemCas(): string {
  systemPem ??= getCACertificates('default').join('\n');
  return systemPem;
}

/** Reads CA bundles from ConfigMaps; what one holds is parsed once for each version of it. */
export class CaReader {
  readonly #parsed = new WeakMap<ConfigMap, Result<string>>();

  /** BackendTLSPolicyValidation.caCertificateRefs: objects of the policy's own namespace. */
  read(namespace: string, refs: readonly CaRef[], configMaps: ReadonlyMap<string, ConfigMap>): TrustedCas {
    const problems: Problem[] = [];
    const found: string[] = [];
    for (const [index, ref] of refs.entries()) {
      const outcome = this.follow(namespace, ref, configMaps);
      if (typeof outcome === 'string') found.push(outcome);
      else problems.push({ ...outcome, message: `caCertificateRefs[${index}]: ${outcome.message}` });
    }
    return found.length === 0 ? { problems } : { caPem: found.join('\n'), problems };
  }

  /** One reference to an object of that namespace: PEM, or why there is none. */
  follow(namespace: string, ref: CaRef, configMaps: ReadonlyMap<string, ConfigMap>): string | Problem {
    const { group = '', kind = 'ConfigMap', name } = ref;
    if (group !== '' || kind !== 'ConfigMap') {
      const message = `kind ${kind} of group "${group}" is not supported as a CA certificate`;
      return { reason: 'InvalidKind', message };
    }
    const key = objectKey(namespace, name);
    const configMap = configMaps.get(key);
    if (configMap === undefined) return invalidRef(`ConfigMap ${key} does not exist`);
    const parsed = this.#parsed.get(configMap) ?? parse(configMap);
    this.#parsed.set(configMap, parsed);
    return parsed.value ?? invalidRef(`ConfigMap ${key} ${parsed.problem}`);
  }
}

function invalidRef(message: string): Problem {
  return { reason: 'InvalidCACertificateRef', message };
}

/** Envoy refuses a whole cluster over a broken certificate, so each is read before it gets there. */
function parse({ data }: ConfigMap): Result<string> {
  const text = data?.['ca.crt'] ?? '';
  if (text.trim() === '') return { problem: 'has no ca.crt' };
  const blocks = [...text.matchAll(pemBlock)];
  if (blocks.length === 0) return { problem: 'holds no certificate in PEM form in ca.crt' };
  const pems: string[] = [];
  for (const [index, [pem, label]] of blocks.entries()) {
    const nth = `entry ${index + 1} of ca.crt`;
    if (label !== 'CERTIFICATE') return { problem: `holds a ${label ?? ''} as ${nth}, not a CERTIFICATE` };
    try {
      pems.push(new X509Certificate(pem).toString().trim());
    } catch {
      return { problem: `holds no readable certificate as ${nth}` };
    }
  }
  return { value: [...new Set(pems)].join('\n') };
}
