import { selfSigned } from '../../base/certificate.ts';
import type { LintProfile } from '../profiles.ts';

/** Of a rule what it finds, where, and the nearest manifest that is right. */
export interface Case {
  rule: string;
  field: string;
  bad: object[];
  good: object[];
  profile?: LintProfile;
}

export const api = 'gateway.networking.k8s.io/v1';

export interface Listener {
  name?: string;
  port?: number;
  protocol?: string;
  [field: string]: unknown;
}

export const tls = { certificateRefs: [{ name: 'cert' }] };
export const https: Listener = { name: 'https', port: 443, protocol: 'HTTPS', tls };
export const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
export const backendRefs = [{ name: 'shop', port: 9000 }];

export const gateway = (...listeners: Listener[]): object => ({
  apiVersion: api,
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: { gatewayClassName: 'any', listeners },
});

export const gatewayWithTls = (tlsOfGateway: object): object => ({
  apiVersion: api,
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: { gatewayClassName: 'any', listeners: [https], tls: tlsOfGateway },
});

export const listenerSet = (certificate: object): object => ({
  apiVersion: api,
  kind: 'ListenerSet',
  metadata: { name: 'more' },
  spec: {
    parentRef: { name: 'edge' },
    listeners: [{ ...https, tls: { certificateRefs: [certificate] } }],
  },
});

export const caRef = { group: '', kind: 'ConfigMap', name: 'ca' };
export const inStore = (ref: object): object => ({ ...ref, namespace: 'store' });
export const validating = (ref: object): object => ({ validation: { caCertificateRefs: [ref] } });

export const route = (spec: object = {}, changes: object = {}): object => ({
  apiVersion: api,
  kind: 'GRPCRoute',
  metadata: { name: 'shop' },
  spec: { parentRefs: [{ name: 'edge', sectionName: 'https' }], rules: [{ backendRefs }], ...spec },
  ...changes,
});

export const attached = (ref: object, spec: object = {}): object =>
  route({ parentRefs: [{ name: 'edge', ...ref }], ...spec });
export const matching = (...matches: object[]): object => route({ rules: [{ matches, backendRefs }] });
export const method = (service: string | undefined, name: string | undefined, type?: string): object => ({
  method: { ...(type && { type }), ...(service && { service }), ...(name && { method: name }) },
});
export const headers = (...names: string[]): object => ({
  headers: names.map((name) => ({ name, value: 'v' })),
});
export const grant = (from: object, to: object, namespace = 'store'): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'grant', namespace },
  spec: { from: [{ group: 'gateway.networking.k8s.io', ...from }], to: [to] },
});
export const service = (spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { ports: [{ port: 9000 }], ...spec },
});
export const policy = (name: string, ...targetRefs: object[]): object => ({
  apiVersion: api,
  kind: 'BackendTLSPolicy',
  metadata: { name },
  spec: {
    targetRefs: targetRefs.map((ref) => ({ group: '', kind: 'Service', ...ref })),
    validation: {
      hostname: 'shop.example.org',
      caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }],
    },
  },
});
export const ca = (text: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'ca' },
  data: { 'ca.crt': text },
});
export const pair = await selfSigned(['shop.example.com']);
export const pem = pair.certPem;
export const httpRoute = (hostname: string): object => ({
  apiVersion: api,
  kind: 'HTTPRoute',
  metadata: { name: 'pages' },
  spec: { parentRefs: [{ name: 'edge' }], hostnames: [hostname], rules: [{ backendRefs }] },
});
export const away = route({ rules: [{ backendRefs: [{ ...backendRefs[0], namespace: 'store' }] }] });
export const foreign = { metadata: { name: 'shop', namespace: 'team' } };
export const toEdge = { parentRefs: [{ name: 'edge', namespace: 'default' }] };

export const secret = (data: Record<string, string>, type = 'kubernetes.io/tls'): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'cert' },
  type,
  stringData: data,
});
export const tlsSecret = (cert = pair.certPem, key = pair.keyPem): object =>
  secret({ 'tls.crt': cert, 'tls.key': key });
export const inNamespace = (object: object, namespace: string): object => {
  const { metadata } = object as { metadata: object };
  return { ...object, metadata: { ...metadata, namespace } };
};
export const namespace = (name: string, labels: object): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
export const set = (...listeners: Listener[]): object => ({
  apiVersion: api,
  kind: 'ListenerSet',
  metadata: { name: 'more' },
  spec: { parentRef: { name: 'edge' }, listeners },
});
export const toSet = (ref: object = {}, spec: object = {}): object =>
  route({ parentRefs: [{ kind: 'ListenerSet', name: 'more', ...ref }], ...spec });
/** A Gateway that takes ListenerSets of the namespaces. */
export const openGateway = (from: string, selector?: object): object => ({
  apiVersion: api,
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: {
    gatewayClassName: 'any',
    listeners: [http],
    allowedListeners: { namespaces: { from, ...(selector && { selector }) } },
  },
});
export const filtering = (filter: object): object => route({ rules: [{ filters: [filter], backendRefs }] });
export const pattern = (value: string): object =>
  matching({ headers: [{ type: 'RegularExpression', name: 'env', value }] });
