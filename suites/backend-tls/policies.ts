/** What scenarios of this suite make and read: Services in front of the echo pods' ports, policies for them, routes to them. */
import { expect } from '../../harness/index.ts';
import type { CallResult, Condition, KubernetesObject, Scenario } from '../../harness/index.ts';
import { pointPortsTo } from '../endpoint-slices.ts';
import { conditionOf, type ConditionStatus, type ParentRef } from '../shapes.ts';

/** In the certificate of the echo pods, see Scenario.backendCa. */
export const backendName = 'backend.example.org';
export const otherName = 'other.example.org';
export const backendUri = 'spiffe://example.org/echo';
/** Not in it. */
export const strangeName = 'stranger.example.org';

export const tlsPort = 9443;
export const plainPort = 9000;

export const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;
export const resolved = { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' } as const;
export const unavailable = { status: 'UNAVAILABLE', backend: null } as const;

export interface PolicyAncestor {
  ancestorRef: ParentRef;
  controllerName: string;
  conditions: ConditionStatus[];
}

export interface Policy extends KubernetesObject {
  spec: { targetRefs: object[]; validation: { hostname: string } & Record<string, unknown> };
  status?: { ancestors: PolicyAncestor[] };
}

/** `ports`: those of the Service by name, and where in the pod they lead; they are numbered from 443 on. */
export async function applyService(
  t: Scenario,
  name: string,
  backend = 'v1',
  ports: Record<string, number> = { tls: tlsPort },
): Promise<void> {
  const spec = {
    ports: Object.keys(ports).map((port, index) => ({ name: port, port: 443 + index, protocol: 'TCP' })),
  };
  const service: object = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
  await t.applyObjects(service);
  await pointPortsTo(t, name, ports, backend);
}

/** The ConfigMap `name` with that CA; default the one that the echo pods' certificate is from. */
export async function applyCa(t: Scenario, name = 'ca', pem = t.backendCa): Promise<void> {
  const configMap: object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { 'ca.crt': pem },
  };
  await t.applyObjects(configMap);
}

export function caRef(name = 'ca'): object {
  return { group: '', kind: 'ConfigMap', name };
}

/** For the Service `name`; `sectionName` and the fields of `validation` replace what fits the echo pods. */
export function policy(
  name: string,
  of: { service?: string; sectionName?: string; namespace?: string; validation?: object } = {},
): Policy {
  const { service = name, sectionName, namespace, validation = {} } = of;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: {
      targetRefs: [
        { group: '', kind: 'Service', name: service, ...(sectionName !== undefined && { sectionName }) },
      ],
      validation: { caCertificateRefs: [caRef()], hostname: backendName, ...validation },
    },
  };
}

export const shared: ParentRef = { name: 'shared', namespace: 'routeproof-base' };

/**
 * A GRPCRoute of that name to a Service port, for the host `NAME.example.com`; `beside`: another Service, which gets one call of a
 * million.
 */
export async function applyRoute(
  t: Scenario,
  name: string,
  to: { service?: string; beside?: string; port?: number; parents?: ParentRef[]; filters?: object[] } = {},
): Promise<void> {
  const { service = name, beside, port = 443, parents = [shared], filters } = to;
  const backendRefs =
    beside === undefined
      ? [{ name: service, port }]
      : [
          { name: beside, port, weight: 1 },
          { name: service, port, weight: 1_000_000 },
        ];
  const route: object = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name },
    spec: {
      parentRefs: parents,
      hostnames: [hostOf(name)],
      rules: [{ backendRefs, ...(filters && { filters }) }],
    },
  };
  await t.applyObjects(route);
}

export function hostOf(route: string): string {
  return `${route}.example.com`;
}

/** The entries of the controller under test for that Gateway, whichever of its listeners they are about. */
export function ancestorsOf(t: Scenario, object: KubernetesObject, gateway = shared): PolicyAncestor[] {
  const { metadata, status } = object as Policy;
  const own = metadata?.namespace;
  return (status?.ancestors ?? []).filter(
    ({ ancestorRef, controllerName }) =>
      controllerName === t.controllerName &&
      (ancestorRef.kind ?? 'Gateway') === 'Gateway' &&
      ancestorRef.name === gateway.name &&
      (ancestorRef.namespace ?? own) === t.namespace(gateway.namespace),
  );
}

/** The first of them. */
export function ancestorOf(
  t: Scenario,
  object: KubernetesObject,
  gateway = shared,
): PolicyAncestor | undefined {
  return ancestorsOf(t, object, gateway)[0];
}

/** Waits until the policy says so of that Gateway, at its current generation. */
export async function policyMust(
  t: Scenario,
  name: string,
  wanted: Condition,
  gateway = shared,
): Promise<void> {
  const reasons = wanted.reason === undefined ? undefined : [wanted.reason].flat();
  const what = `${wanted.type}=${wanted.status}${reasons === undefined ? '' : `/${reasons.join(' or ')}`} for Gateway ${gateway.name}`;
  await t.until<Policy>({ kind: 'BackendTLSPolicy', name }, what, (object) => {
    const condition = conditionOf(ancestorOf(t, object, gateway)?.conditions, wanted.type);
    return (
      condition?.status === wanted.status &&
      condition.observedGeneration === object.metadata?.generation &&
      (reasons === undefined || reasons.includes(condition.reason))
    );
  });
}

interface ReceivedTls {
  enabled: boolean;
  alpn: string;
  serverName: string;
  clientCertificateSha256: string;
}

/** The connection as the backend saw it; the proto's names and defaults. */
export function tlsOf(result: CallResult): Partial<ReceivedTls> {
  const received = result.responses[0]?.['received'] as { tls?: Partial<ReceivedTls> | null } | undefined;
  return received?.tls ?? {};
}

export function isOverTls(result: CallResult): boolean {
  return tlsOf(result).enabled === true;
}

/** A call that the backend received over TLS with HTTP/2, under that server name. */
export function overTls(serverName = backendName, backend = 'v1') {
  return {
    backend,
    also: (result: CallResult): void => {
      expect(tlsOf(result), 'the connection as the backend saw it').to.include({
        enabled: true,
        alpn: 'h2',
        serverName,
      });
    },
  };
}

/** A call that the backend received over TLS from a client with that certificate (its SHA-256); '' for none. */
export function showing(sha256: string, backend = 'v1') {
  return {
    backend,
    also: (result: CallResult): void => {
      const { enabled, clientCertificateSha256 = '' } = tlsOf(result);
      expect(enabled, 'TLS at the backend').to.equal(true);
      expect(clientCertificateSha256, 'SHA-256 of the certificate that the backend was shown').to.equal(
        sha256,
      );
    },
  };
}

/** A call that the backend received in plaintext. */
export function inPlaintext(backend = 'v1') {
  return {
    backend,
    also: (result: CallResult): void => {
      expect(tlsOf(result).enabled ?? false, 'TLS at the backend').to.equal(false);
    },
  };
}
