import { expect } from 'chai';
import { knownClauses } from '../scenario/validate.ts';
import { lint } from './lint.ts';
import { lintProfiles, rulesOf, type LintProfile } from './profiles.ts';

const api = 'gateway.networking.k8s.io/v1';

interface Listener {
  name?: string;
  port?: number;
  protocol?: string;
  [field: string]: unknown;
}

const tls = { certificateRefs: [{ name: 'cert' }] };
const https: Listener = { name: 'https', port: 443, protocol: 'HTTPS', tls };
const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
const backendRefs = [{ name: 'shop', port: 9000 }];

const gateway = (...listeners: Listener[]): object => ({
  apiVersion: api,
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: { gatewayClassName: 'any', listeners },
});

const gatewayWithTls = (tlsOfGateway: object): object => ({
  apiVersion: api,
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: { gatewayClassName: 'any', listeners: [https], tls: tlsOfGateway },
});

const listenerSet = (certificate: object): object => ({
  apiVersion: api,
  kind: 'ListenerSet',
  metadata: { name: 'more' },
  spec: {
    parentRef: { name: 'edge' },
    listeners: [{ ...https, tls: { certificateRefs: [certificate] } }],
  },
});

const caRef = { group: '', kind: 'ConfigMap', name: 'ca' };
const inStore = (ref: object): object => ({ ...ref, namespace: 'store' });
const validating = (ref: object): object => ({ validation: { caCertificateRefs: [ref] } });

const route = (spec: object = {}, changes: object = {}): object => ({
  apiVersion: api,
  kind: 'GRPCRoute',
  metadata: { name: 'shop' },
  spec: { parentRefs: [{ name: 'edge', sectionName: 'https' }], rules: [{ backendRefs }], ...spec },
  ...changes,
});

const attached = (ref: object, spec: object = {}): object =>
  route({ parentRefs: [{ name: 'edge', ...ref }], ...spec });
const matching = (...matches: object[]): object => route({ rules: [{ matches, backendRefs }] });
const method = (service: string | undefined, name: string | undefined, type?: string): object => ({
  method: { ...(type && { type }), ...(service && { service }), ...(name && { method: name }) },
});
const headers = (...names: string[]): object => ({ headers: names.map((name) => ({ name, value: 'v' })) });
const grant = (from: object, to: object, namespace = 'store'): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'grant', namespace },
  spec: { from: [{ group: 'gateway.networking.k8s.io', ...from }], to: [to] },
});
const service = (spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec,
});
const policy = (name: string, ...targetRefs: object[]): object => ({
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
const ca = (text: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'ca' },
  data: { 'ca.crt': text },
});
const pem = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----';
const httpRoute = (hostname: string): object => ({
  apiVersion: api,
  kind: 'HTTPRoute',
  metadata: { name: 'pages' },
  spec: { parentRefs: [{ name: 'edge' }], hostnames: [hostname], rules: [{ backendRefs }] },
});
const away = route({ rules: [{ backendRefs: [{ ...backendRefs[0], namespace: 'store' }] }] });
const foreign = { metadata: { name: 'shop', namespace: 'team' } };
const toEdge = { parentRefs: [{ name: 'edge', namespace: 'default' }] };

/** Of each rule what it finds, where, and the nearest manifest that is right. */
const cases: { rule: string; field: string; bad: object[]; good: object[]; profile?: LintProfile }[] = [
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
    field: 'spec.listeners',
    bad: [gateway(http, { ...https, name: 'http' })],
    good: [gateway(http, https)],
  },
  {
    rule: 'schema',
    field: 'spec.rules[0].matches[0].method',
    bad: [matching(method('a/b', 'C'))],
    good: [matching(method('a.b', 'C'), method('grpc.reflection.v1.ServerReflection', undefined))],
  },
  {
    rule: 'section-not-found',
    field: 'spec.parentRefs[0].sectionName',
    bad: [gateway(http), route()],
    good: [gateway(https), route()],
  },
  {
    rule: 'port-not-found',
    field: 'spec.parentRefs[0].port',
    bad: [gateway(https), attached({ port: 80 })],
    good: [gateway(https), attached({ port: 443 })],
  },
  {
    rule: 'namespace-not-allowed',
    field: 'spec.parentRefs[0].namespace',
    bad: [gateway(https), route(toEdge, foreign)],
    good: [gateway({ ...https, allowedRoutes: { namespaces: { from: 'All' } } }), route(toEdge, foreign)],
  },
  {
    rule: 'kind-not-allowed',
    field: 'spec.parentRefs[0].name',
    bad: [gateway({ ...https, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } }), route()],
    good: [gateway({ ...https, allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } }), route()],
  },
  {
    rule: 'protocol-without-grpc',
    field: 'spec.parentRefs[0].name',
    bad: [gateway({ name: 'https', port: 443, protocol: 'TCP' }), route()],
    good: [gateway(https), route()],
  },
  {
    rule: 'hostname-no-intersection',
    field: 'spec.parentRefs[0].name',
    bad: [
      gateway({ ...https, hostname: '*.example.com' }),
      route({ hostnames: ['example.com', 'a.example.org'] }),
    ],
    good: [gateway({ ...https, hostname: '*.example.com' }), route({ hostnames: ['a.b.example.com'] })],
  },
  {
    rule: 'hostname-unused',
    field: 'spec.hostnames[1]',
    bad: [
      gateway({ ...https, hostname: '*.example.com' }),
      route({ hostnames: ['a.example.com', 'example.com'] }),
    ],
    good: [
      gateway({ ...https, hostname: '*.example.com' }),
      route({ hostnames: ['a.example.com', '*.b.example.com'] }),
    ],
  },
  {
    rule: 'backend-not-granted',
    field: 'spec.rules[0].backendRefs[0].namespace',
    bad: [away, grant({ kind: 'HTTPRoute', namespace: 'default' }, { group: '', kind: 'Service' })],
    good: [away, grant({ kind: 'GRPCRoute', namespace: 'default' }, { group: '', kind: 'Service' })],
  },
  {
    rule: 'backend-port-not-found',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [route(), service({ ports: [{ port: 80, targetPort: 9000 }] })],
    good: [route(), service({ ports: [{ port: 9000 }] })],
  },
  {
    rule: 'backend-external-name',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [route(), service({ type: 'ExternalName', externalName: 'example.com', ports: [{ port: 9000 }] })],
    good: [route(), service({ ports: [{ port: 9000 }] })],
  },
  {
    rule: 'backends-missing',
    field: 'spec.rules[0]',
    bad: [route({ rules: [{ matches: [headers('a')] }] })],
    good: [route()],
  },
  {
    rule: 'weights-all-zero',
    field: 'spec.rules[0].backendRefs',
    bad: [route({ rules: [{ backendRefs: [{ ...backendRefs[0], weight: 0 }] }] })],
    good: [
      route({
        rules: [
          {
            backendRefs: [
              { ...backendRefs[0], weight: 0 },
              { name: 'other', port: 1 },
            ],
          },
        ],
      }),
    ],
  },
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
    rule: 'grant-without-effect',
    field: 'spec.to[0]',
    bad: [
      grant(
        { kind: 'GRPCRoute', namespace: 'team' },
        { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
      ),
    ],
    good: [grant({ kind: 'GRPCRoute', namespace: 'team' }, { group: '', kind: 'Service' })],
  },
  {
    rule: 'header-named-twice',
    field: 'spec.rules[0].matches[0].headers[1].name',
    bad: [matching(headers('Env', 'env'))],
    good: [matching(headers('env'), headers('Env'))],
  },
  {
    rule: 'method-without-service',
    field: 'spec.rules[0].matches[0].method',
    bad: [matching(method(undefined, 'Get'), headers('a'))],
    good: [matching(method('a.B', 'Get'), headers('a'))],
  },
  {
    rule: 'regular-expression',
    field: 'spec.rules[0].matches[0].method.type',
    bad: [matching(method('a.+', 'Get', 'RegularExpression'))],
    good: [matching(method('a.B', 'Get'), headers('a'))],
  },
  {
    rule: 'reflection-not-routed',
    field: 'spec.rules',
    bad: [matching(method('a.B', 'Get'))],
    good: [matching(method('a.B', 'Get'), method('grpc.reflection.v1.ServerReflection', undefined))],
  },
  {
    rule: 'written-twice',
    field: 'metadata.name',
    bad: [route(), route()],
    good: [route(), route({}, foreign)],
  },
  {
    rule: 'protocol-unknown',
    field: 'spec.listeners[0].protocol',
    bad: [gateway({ ...http, protocol: 'GRPC' })],
    good: [gateway({ ...http, protocol: 'example.com/grpc' })],
  },
  {
    rule: 'certificate-missing',
    field: 'spec.listeners[0].tls',
    bad: [gateway({ name: 'https', port: 443, protocol: 'HTTPS' })],
    good: [gateway(https)],
  },
  {
    rule: 'selector-without-effect',
    field: 'spec.listeners[0].allowedRoutes',
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
    rule: 'hostname-is-address',
    field: 'spec.hostnames[0]',
    bad: [route({ hostnames: ['10.0.0.1'] })],
    good: [route({ hostnames: ['10.example.com'] })],
  },
  {
    rule: 'hostname-shared-with-httproute',
    field: 'spec.hostnames',
    bad: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('*.example.com')],
    good: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('b.example.com')],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-https-only',
    field: 'spec.parentRefs[0].name',
    bad: [gateway(http), attached({})],
    good: [gateway(http, https), attached({})],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-hostname-taken',
    field: 'spec.hostnames',
    bad: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('a.example.com')],
    good: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('b.example.com')],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-rule-order',
    field: 'spec.rules[1]',
    bad: [route({ rules: [{ backendRefs }, { matches: [headers('a')], backendRefs }] })],
    good: [route({ rules: [{ matches: [headers('a')], backendRefs }, { backendRefs }] })],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-https-section',
    field: 'spec.parentRefs[0]',
    bad: [gateway(https), attached({})],
    good: [gateway(https), route()],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-https-section',
    field: 'spec.parentRefs[0].sectionName',
    bad: [gateway(http), attached({ sectionName: 'http' })],
    good: [gateway(https), route()],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-method-without-service',
    field: 'spec.rules[0].matches[0].method',
    bad: [matching(method(undefined, 'Get'), headers('a'))],
    good: [matching(method('a.B', 'Get'), headers('a'))],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-one-method-match',
    field: 'spec.rules[0].matches[1].method',
    bad: [
      route({
        rules: [{ matches: [method('a.B', 'Get'), method('a.B', 'Put')], backendRefs }, { backendRefs }],
      }),
    ],
    good: [
      route({
        rules: [
          { matches: [method('a.B', 'Get')], backendRefs },
          { matches: [method('a.B', 'Put')], backendRefs },
          { backendRefs },
        ],
      }),
    ],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-header-matches',
    field: 'spec.rules[0].matches[0].headers[5]',
    bad: [matching(headers('a', 'b', 'c', 'd', 'e', 'f'))],
    good: [matching(headers('a', 'b', 'c', 'd', 'e'))],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-method-case',
    field: 'spec.rules[1].matches[0].method',
    bad: [
      route({
        rules: [
          { matches: [method('a.B', 'Get')], backendRefs },
          { matches: [method('a.B', 'get')], backendRefs },
          { backendRefs },
        ],
      }),
    ],
    good: [
      route({
        rules: [
          { matches: [method('a.B', 'Get')], backendRefs },
          { matches: [method('a.B', 'Put')], backendRefs },
          { backendRefs },
        ],
      }),
    ],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-service-import',
    field: 'spec.rules[0].backendRefs[0].kind',
    bad: [
      route({
        rules: [
          { backendRefs: [{ group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: 'shop', port: 1 }] },
        ],
      }),
    ],
    good: [route()],
  },
  {
    rule: 'backend-tls-port-not-found',
    field: 'spec.targetRefs[0].sectionName',
    bad: [
      policy('p', { name: 'shop', sectionName: 'grpc' }),
      service({ ports: [{ name: 'http', port: 80 }] }),
    ],
    good: [
      policy('p', { name: 'shop', sectionName: 'http' }),
      service({ ports: [{ name: 'http', port: 80 }] }),
    ],
  },
  {
    rule: 'backend-tls-ca-missing',
    field: 'spec.validation.caCertificateRefs[0].name',
    bad: [policy('p', { name: 'shop' }), ca('')],
    good: [policy('p', { name: 'shop' }), ca(pem)],
  },
  {
    rule: 'backend-tls-same-target',
    field: 'spec.targetRefs[0]',
    bad: [policy('p', { name: 'shop' }), policy('q', { name: 'shop' })],
    good: [policy('p', { name: 'shop' }), policy('q', { name: 'shop', sectionName: 'grpc' })],
  },
  {
    rule: 'backend-tls-several-targets',
    field: 'spec.targetRefs',
    bad: [policy('p', { name: 'shop' }, { name: 'store' })],
    good: [policy('p', { name: 'shop' })],
  },
];

describe('lint', () => {
  const found = (objects: object[], profile: LintProfile = 'standard') =>
    lint(
      [{ file: 'all.json', text: objects.map((object) => JSON.stringify(object, null, 1)).join('\n---\n') }],
      { profile },
    ).findings;

  for (const { rule, field, bad, good, profile } of cases) {
    it(`${rule} finds ${field}, and nothing where it is right`, () => {
      const findings = found(bad, profile);
      expect(findings.map((each) => `${each.rule} ${each.field}`)).to.include(`${rule} ${field}`);
      expect(findings.filter(({ rule: other }) => other === 'schema' && other !== rule)).to.deep.equal([]);
      expect(found(good, profile)).to.deep.equal([]);
    });
  }

  it('has a case for every rule, with a clause that exists', () => {
    const rules = new Map(lintProfiles.flatMap((profile) => rulesOf(profile).map((rule) => [rule.id, rule])));
    const tried = new Set(cases.map(({ rule }) => rule));
    expect([...rules.keys()].filter((id) => !tried.has(id))).to.deep.equal([]);
    const clauses = [...rules.values()].flatMap(({ clause }) => (clause === undefined ? [] : [clause]));
    expect(clauses.filter((clause) => !knownClauses().has(clause))).to.deep.equal([]);
  });
});
