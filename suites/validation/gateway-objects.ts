import type { KubernetesObject } from '../../harness/index.ts';

type Plain = Record<string, unknown>;

export const certificate = { mode: 'Terminate', certificateRefs: [{ name: 'cert' }] };
export const http = { name: 'http', port: 80, protocol: 'HTTP' };
export const https = { name: 'https', port: 443, protocol: 'HTTPS', tls: certificate };

/** A Gateway with this spec. Its names are of no consequence: it is never stored. */
export function gateway(spec: Plain): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'judged' },
    spec: { gatewayClassName: 'routeproof', listeners: [http], ...spec },
  } as KubernetesObject;
}

/** A ListenerSet with these listeners; `more` replaces fields of its spec. */
export function listenerSet(listeners: Plain[], more: Plain = {}): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'ListenerSet',
    metadata: { name: 'judged' },
    spec: { parentRef: { name: 'gw' }, listeners, ...more },
  } as KubernetesObject;
}
