import {
  backendRefs,
  filtering,
  gateway,
  headers,
  http,
  https,
  matching,
  method,
  route,
  secret,
  service,
  type Case,
} from './objects.ts';

const withAddress = (value: string): object => {
  const edge = gateway(http) as { spec: object };
  return { ...edge, spec: { ...edge.spec, addresses: [{ value }] } };
};

const withInfrastructure = (labels: object): object => {
  const edge = gateway(http) as { spec: object };
  return { ...edge, spec: { ...edge.spec, infrastructure: { labels } } };
};

/** What the API server refuses. */
export const schemaCases: Case[] = [
  {
    rule: 'api-version',
    field: 'apiVersion',
    bad: [route({}, { apiVersion: 'gateway.networking.k8s.io/v1alpha2' })],
    good: [route()],
  },
  { rule: 'schema', field: 'spec.rule', bad: [route({ rule: [] })], good: [route()] },
  {
    rule: 'schema',
    field: 'spec.listeners[0].port',
    bad: [gateway({ ...http, port: 0 })],
    good: [gateway(http)],
  },
  {
    rule: 'schema',
    field: 'spec.listeners[1]',
    bad: [gateway(http, { ...https, name: 'http' })],
    good: [gateway(http, https)],
  },
  {
    rule: 'schema',
    field: 'spec.rules[0].matches[0].method.service',
    bad: [matching(method('a/b', 'C'))],
    good: [matching(method('a.b', 'C'), method('grpc.reflection.v1.ServerReflection', undefined))],
  },

  {
    rule: 'schema',
    field: 'spec.rules[0].matches[0].headers[0].value',
    bad: [matching({ headers: [{ name: 'env', value: null }] })],
    good: [matching({ headers: [{ name: 'env', value: 'null' }] })],
  },
  {
    rule: 'schema',
    field: 'spec.parentRefs[2]',
    bad: [
      route({
        parentRefs: [
          { name: 'edge', namespace: 'a' },
          { name: 'edge', namespace: 'b' },
          { name: 'edge', namespace: 'a' },
        ],
      }),
    ],
    good: [
      route({
        parentRefs: [{ name: 'edge', namespace: 'a' }, { name: 'edge', namespace: 'b' }, { name: 'edge' }],
      }),
    ],
  },
  {
    rule: 'schema',
    field: 'spec.listeners[1].tls.mode',
    bad: [gateway(http, { ...https, tls: { mode: 'Passthrough' } })],
    good: [gateway(http, https)],
  },
  {
    rule: 'schema',
    field: 'spec.infrastructure.labels.a b',
    bad: [withInfrastructure({ 'a b': 'c', d: 'e' })],
    good: [withInfrastructure({ 'a.b/c': 'd' })],
  },
  {
    rule: 'schema',
    field: 'spec.rules',
    bad: [
      route({
        rules: [1, 2, 3].map((of) => ({
          matches: Array.from({ length: 43 }, (_, index) => method(`a.B${String(index)}`, `C${String(of)}`)),
          backendRefs,
        })),
      }),
    ],
    good: [route()],
  },
  {
    rule: 'schema',
    field: 'metadata.name',
    bad: [route({}, { metadata: { name: 'Shop_1' } })],
    good: [route()],
  },
  {
    rule: 'schema',
    field: 'metadata.namspace',
    bad: [route({}, { metadata: { name: 'a', namspace: 'b' } })],
    good: [route()],
  },
  {
    rule: 'schema',
    field: 'metadata.labels.v',
    bad: [route({}, { metadata: { name: 'a', labels: { v: 1 } } })],
    good: [route({}, { metadata: { name: 'a', labels: { 'a.b/v': '1' } } })],
  },
  {
    rule: 'schema',
    field: 'metadata',
    bad: [route({}, { metadata: {} })],
    good: [{ apiVersion: 'helm.example.com/v1', kind: 'Values' }],
  },
  {
    rule: 'schema',
    field: 'spec.rules[0].matches[0].headers[1]',
    bad: [matching(headers('env', 'env'))],
    good: [matching(headers('env', 'os'))],
  },
  {
    rule: 'schema',
    field: 'spec.rules[0].filters[0].requestHeaderModifier.remove[1]',
    bad: [filtering({ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a', 'a'] } })],
    good: [filtering({ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a', 'b'] } })],
  },
  {
    rule: 'schema',
    field: 'spec.addresses[0].value',
    bad: [withAddress('10.0.0.300')],
    good: [withAddress('10.0.0.3'), { ...withAddress('fd00::1'), metadata: { name: 'six' } }],
  },
  {
    rule: 'schema',
    field: 'spec.listeners[0].tls',
    bad: [gateway({ ...https, tls: { mode: 'Terminate' } })],
    good: [gateway({ ...https, tls: { options: { 'a.example/b': 'c' } } })],
  },
  {
    rule: 'schema',
    field: 'spec.ports[0].port',
    bad: [service({ ports: [{ port: '9000' }] })],
    good: [service({ ports: [{ port: 9000, targetPort: 'grpc' }] })],
  },
  {
    rule: 'schema',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [route({ rules: [{ backendRefs: [{ name: 'shop', port: '9000' }] }] })],
    good: [route()],
  },
  {
    rule: 'schema',
    field: 'spec.hostnames[0]',
    bad: [route({ hostnames: [null] })],
    good: [
      route({
        hostnames: null,
        rules: [{ matches: null, backendRefs: [{ name: 'shop', namespace: null, port: 9000 }] }],
      }),
    ],
  },
  { rule: 'api-version', field: 'kind', bad: [route({}, { kind: 'GrpcRoute' })], good: [route()] },
  {
    rule: 'api-version',
    field: 'apiVersion',
    bad: [route({}, { apiVersion: 'v1' })],
    good: [
      route({}, { apiVersion: 'networking.example.com/v1' }),
      {
        apiVersion: 'reference.authorization.k8s.io/v1alpha1',
        kind: 'ReferenceGrant',
        metadata: { name: 'a' },
      },
    ],
  },
  ...['gateways.networking.k8s.io/v1', 'gateway.k8s.io/v1', 'gateway.networking.k8s.com/v1'].map(
    (apiVersion) => ({
      rule: 'api-version',
      field: 'apiVersion',
      bad: [route({}, { apiVersion })],
      good: [{ ...gateway(https), apiVersion: 'networking.istio.io/v1' }],
    }),
  ),
  {
    rule: 'schema',
    field: 'spec.ports',
    bad: [service({ ports: [] })],
    good: [service({ type: 'ExternalName', externalName: 'a.example.com', ports: undefined })],
  },
  ...[
    [{ port: 80 }, { port: 81 }],
    [
      { name: 'a', port: 80 },
      { name: 'a', port: 81 },
    ],
    [
      { name: 'a', port: 80 },
      { name: '', port: 81 },
    ],
  ].map((ports) => ({
    rule: 'schema',
    field: 'spec.ports[1]',
    bad: [service({ ports })],
    good: [service({ ports: [{ port: 80, targetPort: 'grpc-web' }] })],
  })),
  {
    rule: 'schema',
    field: 'spec.selectors',
    bad: [service({ selectors: { app: 'shop' } })],
    good: [service({ selector: { app: 'shop' }, trafficDistribution: 'PreferClose' })],
  },
  {
    rule: 'schema',
    field: 'spec.ports[1]',
    bad: [
      service({
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80, protocol: 'TCP' },
        ],
      }),
    ],
    good: [
      service({
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80, protocol: 'UDP' },
        ],
      }),
    ],
  },
  {
    rule: 'schema',
    field: 'spec.ports[0].targetPort',
    bad: [service({ ports: [{ port: 80, targetPort: '9000' }] })],
    good: [service({ type: '', ports: [{ name: '', port: 80, protocol: '', targetPort: '' }] })],
  },
  ...['', 'my_db.local', undefined].map((externalName) => ({
    rule: 'schema',
    field: 'spec.externalName',
    bad: [service({ type: 'ExternalName', externalName })],
    good: [service({ externalName })],
  })),
  {
    rule: 'schema',
    field: 'spec.ports[0].appProtocol',
    bad: [service({ ports: [{ port: 80, appProtocol: 'h 2c' }] })],
    good: [service({ ports: [{ port: 80, appProtocol: 'kubernetes.io/h2c' }] })],
  },
  {
    rule: 'schema',
    field: 'data.tls.key',
    bad: [{ ...secret({}, 'Opaque'), data: { 'tls.key': 'a key' } }],
    good: [{ ...secret({}, 'Opaque'), data: { 'tls.key': 'YSBr\nZXk=\n' } }],
  },
  {
    rule: 'schema',
    field: 'data',
    bad: [secret({ 'tls.crt': 'a' })],
    good: [{ ...secret({}), data: { 'tls.crt': null, 'tls.key': null } }],
  },
  {
    rule: 'schema',
    field: 'stringData.tls key',
    bad: [secret({ 'tls key': 'a' }, 'Opaque')],
    good: [secret({ '.tls_key-1': 'a' }, 'Opaque')],
  },
];
