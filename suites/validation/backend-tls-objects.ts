import type { KubernetesObject } from '../../harness/index.ts';

type Plain = Record<string, unknown>;

export const target = { group: '', kind: 'Service', name: 'v1' };
export const ca = { group: '', kind: 'ConfigMap', name: 'ca' };
export const hostname = 'backend.example.org';

/** A BackendTLSPolicy with this spec instead of what a valid one has. It is never stored. */
export function policy(spec: Plain): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { name: 'judged' },
    spec: { targetRefs: [target], validation: { hostname, caCertificateRefs: [ca] }, ...spec },
  } as KubernetesObject;
}

export const validating = (validation: Plain): KubernetesObject =>
  policy({ validation: { hostname, ...validation } });
