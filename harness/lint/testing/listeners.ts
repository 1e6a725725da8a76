import { selfSigned } from '../../base/certificate.ts';
import {
  ca,
  caRef,
  gateway,
  gatewayWithTls,
  grant,
  http,
  https,
  inNamespace,
  inStore,
  listenerSet,
  openGateway,
  pair,
  pem,
  secret,
  set,
  tlsSecret,
  validating,
  type Case,
  type Listener,
} from './objects.ts';

const selecting = (selector: object): object =>
  gateway({ ...http, allowedRoutes: { namespaces: { from: 'Selector', selector } } });
const passing = (hostname: string, kind = 'TLSRoute'): Listener => ({
  name: 'tls',
  port: 443,
  protocol: 'TLS',
  hostname,
  tls: { mode: 'Passthrough' },
  allowedRoutes: { kinds: [{ kind }] },
});
const otherSet = (listener: Listener, gatewayName = 'edge'): object => ({
  ...set(listener),
  metadata: { name: 'still-more' },
  spec: { parentRef: { name: gatewayName }, listeners: [listener] },
});
const own = { group: 'example.com', kind: 'Proxy', name: 'edge' };
const { keyPem: otherKey } = await selfSigned(['other.example.com']);

/** Gateways, ListenerSets and their certificates. */
export const listenersCases: Case[] = [
  {
    rule: 'certificate-not-granted',
    field: 'spec.listeners[0].tls.certificateRefs[0].namespace',
    bad: [gateway({ ...https, tls: { certificateRefs: [{ name: 'cert', namespace: 'store' }] } })],
    good: [
      gateway({ ...https, tls: { certificateRefs: [{ name: 'cert', namespace: 'store' }] } }),
      grant({ kind: 'Gateway', namespace: 'default' }, { group: '', kind: 'Secret', name: 'cert' }),
    ],
  },
  {
    rule: 'certificate-not-granted',
    field: 'spec.listeners[0].tls.certificateRefs[0].namespace',
    bad: [
      listenerSet(inStore({ name: 'cert' })),
      grant({ kind: 'Gateway', namespace: 'default' }, { group: '', kind: 'Secret' }),
    ],
    good: [
      listenerSet(inStore({ name: 'cert' })),
      grant({ kind: 'ListenerSet', namespace: 'default' }, { group: '', kind: 'Secret' }),
    ],
  },
  {
    rule: 'client-certificate-not-granted',
    field: 'spec.tls.backend.clientCertificateRef.namespace',
    bad: [
      gatewayWithTls({ backend: { clientCertificateRef: inStore({ name: 'client' }) } }),
      grant({ kind: 'Gateway', namespace: 'default' }, { group: '', kind: 'Secret', name: 'other' }),
    ],
    good: [
      gatewayWithTls({ backend: { clientCertificateRef: inStore({ name: 'client' }) } }),
      grant({ kind: 'Gateway', namespace: 'default' }, { group: '', kind: 'Secret', name: 'client' }),
    ],
  },
  {
    rule: 'client-ca-not-granted',
    field: 'spec.tls.frontend.default.validation.caCertificateRefs[0].namespace',
    bad: [gatewayWithTls({ frontend: { default: validating(inStore(caRef)) } })],
    good: [
      gatewayWithTls({ frontend: { default: validating(inStore(caRef)) } }),
      grant({ kind: 'Gateway', namespace: 'default' }, { group: '', kind: 'ConfigMap', name: 'ca' }),
    ],
  },
  {
    rule: 'client-ca-not-granted',
    field: 'spec.tls.frontend.perPort[0].tls.validation.caCertificateRefs[0].namespace',
    bad: [
      gatewayWithTls({
        frontend: { default: validating(caRef), perPort: [{ port: 443, tls: validating(inStore(caRef)) }] },
      }),
    ],
    good: [
      gatewayWithTls({
        frontend: { default: validating(caRef), perPort: [{ port: 443, tls: validating(caRef) }] },
      }),
    ],
  },
  {
    rule: 'protocol-unknown',
    field: 'spec.listeners[0].protocol',
    bad: [gateway({ ...http, protocol: 'GRPC' })],
    good: [gateway({ ...http, protocol: 'example.com/grpc' })],
  },
  ...['grpc', 'H2C', 'Https'].map((protocol) => ({
    rule: 'protocol-unknown',
    field: 'spec.listeners[0].protocol',
    bad: [gateway({ ...http, protocol })],
    good: [gateway(http)],
  })),
  {
    rule: 'protocol-of-implementation',
    field: 'spec.listeners[0].protocol',
    bad: [gateway({ name: 'mesh', port: 15008, protocol: 'HBONE' })],
    good: [gateway(http)],
  },
  {
    rule: 'certificate-missing',
    field: 'spec.listeners[0].tls',
    bad: [gateway({ name: 'https', port: 443, protocol: 'HTTPS' })],
    good: [gateway(https)],
  },
  {
    rule: 'selector-without-effect',
    field: 'spec.listeners[0].allowedRoutes.namespaces.selector',
    bad: [
      gateway({
        ...http,
        allowedRoutes: { namespaces: { from: 'All', selector: { matchLabels: { a: 'b' } } } },
      }),
    ],
    good: [
      gateway({
        ...http,
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } } },
      }),
    ],
  },

  {
    rule: 'listener-protocol-conflict',
    field: 'spec.listeners[1].protocol',
    bad: [gateway(http, { ...https, port: 80 })],
    good: [
      gateway(
        { ...https, name: 'tls', protocol: 'TLS', hostname: 'a.example.com', tls: { mode: 'Passthrough' } },
        https,
      ),
    ],
  },
  {
    rule: 'listener-protocol-conflict',
    field: 'spec.listeners[1].protocol',
    bad: [gateway({ name: 'tcp', port: 443, protocol: 'TCP' }, https)],
    good: [gateway({ name: 'udp', port: 443, protocol: 'UDP' }, https)],
  },
  {
    rule: 'listenerset-conflict',
    field: 'spec.listeners[0].port',
    bad: [openGateway('Same'), set(http)],
    good: [openGateway('Same'), set({ ...http, hostname: 'a.example.com' })],
  },
  {
    rule: 'listenerset-conflict',
    field: 'spec.listeners[0].port',
    bad: [set({ ...http, port: 81 }), otherSet({ ...http, port: 81 })],
    good: [set({ ...http, port: 81 }), otherSet({ ...http, port: 81 }, 'other-edge')],
  },
  {
    rule: 'listenerset-conflict',
    field: 'spec.listeners[0].port',
    bad: [otherSet({ ...http, port: 81 }), set({ ...http, port: 81 })],
    good: [
      { ...set({ ...http, port: 81 }), spec: { parentRef: own, listeners: [{ ...http, port: 81 }] } },
      otherSet({ ...http, port: 81 }),
    ],
  },
  {
    rule: 'listener-hostname-is-address',
    field: 'spec.listeners[0].hostname',
    bad: [gateway({ ...http, hostname: '10.0.0.1' })],
    good: [gateway({ ...http, hostname: '10.example.com' })],
  },
  {
    rule: 'route-kinds-invalid',
    field: 'spec.listeners[0].allowedRoutes.kinds[0]',
    bad: [gateway({ ...http, allowedRoutes: { kinds: [{ kind: 'TCPRoute' }] } })],
    good: [
      gateway({
        ...http,
        allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }, { group: 'example.com', kind: 'Other' }] },
      }),
    ],
  },
  ...['', 'networking.k8s.io'].map((group) => ({
    rule: 'route-kinds-invalid',
    field: 'spec.listeners[0].allowedRoutes.kinds[0]',
    bad: [gateway({ ...http, allowedRoutes: { kinds: [{ group, kind: 'GRPCRoute' }] } })],
    good: [gateway({ ...http, allowedRoutes: { kinds: [{ group: 'example.com', kind: 'GRPCRoute' }] } })],
  })),
  {
    rule: 'class-name',
    field: 'spec.gatewayClassName',
    bad: [{ ...gateway(http), spec: { gatewayClassName: '${CLASS}', listeners: [http] } }],
    good: [{ ...gateway(http), spec: { gatewayClassName: 'my.class-1', listeners: [http] } }],
  },
  {
    rule: 'route-kinds-mixed',
    field: 'spec.listeners[0].allowedRoutes.kinds[0]',
    bad: [gateway({ ...http, allowedRoutes: { kinds: [{ kind: 'GrpcRoute' }, { kind: 'HTTPRoute' }] } })],
    good: [gateway({ ...http, allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }, { kind: 'HTTPRoute' }] } })],
  },
  {
    rule: 'selector-invalid',
    field: 'spec.listeners[0].allowedRoutes.namespaces.from',
    bad: [gateway({ ...http, allowedRoutes: { namespaces: { from: 'Selector' } } })],
    good: [selecting({})],
  },
  {
    rule: 'selector-invalid',
    field: 'spec.listeners[0].allowedRoutes.namespaces.selector.matchExpressions[0]',
    bad: [selecting({ matchExpressions: [{ key: 'env', operator: 'Is', values: ['a'] }] })],
    good: [selecting({ matchExpressions: [{ key: 'env', operator: 'In', values: ['a'] }] })],
  },
  {
    rule: 'selector-invalid',
    field: 'spec.listeners[0].allowedRoutes.namespaces.selector.matchLabels.my team',
    bad: [selecting({ matchLabels: { 'my team': 'a' } })],
    good: [selecting({ matchLabels: { 'example.com/team': 'a' } })],
  },
  {
    rule: 'selector-invalid',
    field: 'spec.listeners[0].allowedRoutes.namespaces.selector.matchExpressions[0]',
    bad: [selecting({ matchExpressions: [{ key: 'env', operator: 'In', values: ['a b'] }] })],
    good: [selecting({ matchExpressions: [{ key: 'env', operator: 'In', values: [''] }] })],
  },
  {
    rule: 'selector-invalid',
    field: 'spec.allowedListeners.namespaces.from',
    bad: [openGateway('Selector')],
    good: [openGateway('Selector', { matchLabels: { env: 'a' } })],
  },
  {
    rule: 'selector-without-effect',
    field: 'spec.allowedListeners.namespaces.selector',
    bad: [openGateway('All', { matchLabels: { env: 'a' } })],
    good: [openGateway('All')],
  },
  {
    rule: 'listener-shared-by-tls',
    field: 'spec.listeners[1].hostname',
    bad: [gateway({ ...https, hostname: 'a.example.com' }, passing('a.example.com'))],
    good: [gateway({ ...https, hostname: 'a.example.com' }, passing('*.example.com'))],
  },
  {
    rule: 'route-kinds-invalid',
    field: 'spec.listeners[0].allowedRoutes.kinds[0]',
    bad: [gateway(passing('a.example.com', 'GRPCRoute'))],
    good: [gateway(passing('a.example.com', 'TLSRoute'))],
  },
  {
    rule: 'certificate-kind',
    field: 'spec.listeners[0].tls.certificateRefs[0].name',
    bad: [gateway({ ...https, tls: { certificateRefs: [{ kind: 'ConfigMap', name: 'cert' }] } })],
    good: [
      gateway({ ...https, tls: { certificateRefs: [{ group: 'example.com', kind: 'Cert', name: 'cert' }] } }),
    ],
  },
  ...[
    secret({ 'tls.crt': pair.certPem, 'tls.key': pair.keyPem }, 'Opaque'),
    tlsSecret('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    tlsSecret(pair.certPem, 'hello'),
    tlsSecret(pair.certPem, otherKey),
  ].map((broken) => ({
    rule: 'certificate-invalid',
    field: 'spec.listeners[0].tls.certificateRefs[0].name',
    bad: [gateway(https), broken],
    good: [gateway(https), tlsSecret()],
  })),
  {
    rule: 'certificate-in-other-namespace',
    field: 'spec.listeners[0].tls.certificateRefs[0].name',
    bad: [gateway(https), inNamespace(tlsSecret(), 'store')],
    good: [gateway(https), tlsSecret()],
  },
  {
    rule: 'several-certificates',
    field: 'spec.listeners[0].tls.certificateRefs',
    bad: [gateway({ ...https, tls: { certificateRefs: [{ name: 'cert' }, { name: 'other' }] } })],
    good: [gateway(https)],
  },
  {
    rule: 'client-certificate-invalid',
    field: 'spec.tls.backend.clientCertificateRef.name',
    bad: [gatewayWithTls({ backend: { clientCertificateRef: { name: 'cert' } } }), secret({}, 'Opaque')],
    good: [gatewayWithTls({ backend: { clientCertificateRef: { name: 'cert' } } }), tlsSecret()],
  },
  {
    rule: 'client-ca-invalid',
    field: 'spec.tls.frontend.default.validation.caCertificateRefs[0].name',
    bad: [gatewayWithTls({ frontend: { default: validating(caRef) } }), ca('')],
    good: [gatewayWithTls({ frontend: { default: validating(caRef) } }), ca(pem)],
  },
];
