import type { IrCertificate } from '../../ir/ir.ts';
import type { CertificateReader } from './certificates.ts';
import type { Gateway, Secret } from '../model/gateway-api.ts';
import type { Problem } from '../model/problems.ts';
import type { References } from '../backends/references.ts';

/** What a Gateway shows to backends that it speaks TLS with. */
export interface BackendClient {
  /** Undefined where the reference is broken: backends are shown no certificate then. */
  certificate?: IrCertificate;
  problem?: Problem;
}

export interface BackendClientContext {
  secrets: ReadonlyMap<string, Secret>;
  references: References;
  certificates: CertificateReader;
}

/** Follows GatewayBackendTLS.ClientCertificateRef; undefined where the Gateway has none. */
export function readBackendClient(
  { metadata, spec }: Gateway,
  { secrets, references, certificates }: BackendClientContext,
): BackendClient | undefined {
  const ref = spec.tls?.backend?.clientCertificateRef;
  if (ref === undefined) return undefined;
  const owner = { kind: 'Gateway' as const, namespace: metadata.namespace ?? '', name: metadata.name };
  const { certificates: found, problems } = certificates.read(owner, [ref], secrets, references);
  const [certificate] = found;
  const [problem] = problems;
  return { ...(certificate && { certificate }), ...(problem && { problem: asGatewayProblem(problem) }) };
}

/** Gateways have another name for it than listeners. */
function asGatewayProblem({ reason, message }: Problem): Problem {
  return {
    reason: reason === 'InvalidCertificateRef' ? 'InvalidClientCertificateRef' : reason,
    message: `spec.tls.backend.clientCertificateRef: ${message}`,
  };
}
