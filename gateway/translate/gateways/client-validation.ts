import type { IrClientValidation } from '../../ir/ir.ts';
import type { CaReader } from '../backends/ca-certificates.ts';
import type { ConfigMap, FrontendValidation, Gateway } from '../model/gateway-api.ts';
import { gatewayGroup } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';
import type { References } from '../backends/references.ts';

export interface ClientValidationContext {
  configMaps: ReadonlyMap<string, ConfigMap>;
  references: References;
  cas: CaReader;
}

export interface ClientValidation {
  /** Undefined when no reference resolves: nobody may be let in then. */
  validation?: IrClientValidation;
  /** In the order of the references. */
  problems: Problem[];
}

/** What a Gateway asks of the clients of a port's HTTPS listeners; undefined for nothing (GatewayTLSConfig.Frontend). */
export function frontendValidation({ spec }: Gateway, port: number): FrontendValidation | undefined {
  const frontend = spec.tls?.frontend;
  const own = frontend?.perPort?.find((entry) => entry.port === port);
  return own === undefined ? frontend?.default?.validation : own.tls?.validation;
}

/** Whether any part of the Gateway lets clients in whose certificate is not valid. */
export function allowsInsecureFallback({ spec }: Gateway): boolean {
  const frontend = spec.tls?.frontend;
  const all = [frontend?.default?.validation, ...(frontend?.perPort ?? []).map(({ tls }) => tls?.validation)];
  return all.some((validation) => validation?.mode === 'AllowInsecureFallback');
}

/**
 * Follows the references to CAs, which are the Gateway's, also for listeners of ListenerSets. Grants come first: a forbidden
 * reference does not tell whether the object exists.
 */
export function readClientValidation(
  gateway: Gateway,
  { caCertificateRefs, mode }: FrontendValidation,
  { configMaps, references, cas }: ClientValidationContext,
): ClientValidation {
  const own = gateway.metadata.namespace ?? '';
  const from = { group: gatewayGroup, kind: 'Gateway', namespace: own };
  const problems: Problem[] = [];
  const found: string[] = [];
  for (const ref of caCertificateRefs ?? []) {
    const { group = '', kind = 'ConfigMap', namespace = own, name } = ref;
    if (references.permits(from, { group, kind, namespace, name })) {
      const outcome = cas.follow(namespace, ref, configMaps);
      if (typeof outcome === 'string') found.push(outcome);
      else problems.push(asListenerProblem(outcome));
      continue;
    }
    const message = `${kind} ${namespace}/${name}: no ReferenceGrant in namespace ${namespace} lets Gateways of namespace ${own} refer to it`;
    problems.push({ reason: 'RefNotPermitted', message });
  }
  if (found.length === 0) return { problems };
  const validation: IrClientValidation = {
    caPem: found.join('\n'),
    mode: mode === 'AllowInsecureFallback' ? 'request' : 'require',
  };
  return { validation, problems };
}

/** Listeners have another name for it than policies. */
function asListenerProblem({ reason, message }: Problem): Problem {
  return { reason: reason === 'InvalidKind' ? 'InvalidCACertificateKind' : reason, message };
}
