import {
  attached,
  backendRefs,
  gateway,
  headers,
  http,
  httpRoute,
  https,
  matching,
  method,
  route,
  tls,
  type Case,
} from './objects.ts';

const exported = (name: string): object => ({
  apiVersion: 'application-networking.k8s.aws/v1alpha1',
  kind: 'ServiceExport',
  metadata: { name },
});

const onPlain = (object: object): object => {
  const { spec } = object as { spec: object };
  return { ...object, spec: { ...spec, parentRefs: [{ name: 'edge', sectionName: 'http' }] } };
};

const onImport = (changes: object): object => ({
  ...httpRoute('a.example.com'),
  spec: { rules: [{ backendRefs: [{ kind: 'ServiceImport', name: 'shop', ...changes }] }] },
});

/** What products document besides. */
export const profilesCases: Case[] = [
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
    field: 'spec.hostnames[0]',
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
    profile: 'kgateway-guide',
    rule: 'kgateway-rule-order',
    field: 'spec.rules[1]',
    bad: [
      route({
        rules: [
          { matches: [method('a.B', undefined)], backendRefs },
          { matches: [{ ...method('a.B', 'Get'), ...headers('a') }], backendRefs },
          { backendRefs },
        ],
      }),
    ],
    good: [
      route({
        rules: [
          { matches: [{ ...method('a.B', 'Get'), ...headers('a') }], backendRefs },
          { matches: [{ ...method('a.B', 'Get'), ...headers('b') }, method('a.C', 'Get')], backendRefs },
          { matches: [method('a.B', undefined)], backendRefs },
          { backendRefs },
        ],
      }),
    ],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-hostname-taken',
    field: 'spec.hostnames[0]',
    bad: [gateway(http, https), attached({}, { hostnames: ['a.example.com'] }), httpRoute('a.example.com')],
    good: [
      gateway({ ...http, hostname: 'a.example.com' }, { ...https, hostname: '*.example.com' }),
      attached({}, { hostnames: ['a.example.com'] }),
      onPlain(httpRoute('a.example.com')),
    ],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-rules-missing',
    field: 'spec.rules',
    bad: [route({ rules: [] })],
    good: [route()],
  },
  {
    profile: 'kgateway-guide',
    rule: 'certificate-missing',
    field: 'spec.listeners[0].tls',
    bad: [gateway({ name: 'https', port: 443, protocol: 'HTTPS' })],
    good: [gateway(https)],
  },
  {
    profile: 'kgateway-guide',
    rule: 'kgateway-certificate-missing',
    field: 'spec.listeners[0].tls',
    bad: [gateway({ ...https, tls: { options: { 'a.example/b': 'c' } } })],
    good: [gateway({ ...https, tls: { ...tls, options: { 'a.example/b': 'c' } } })],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-section-missing',
    field: 'spec.parentRefs[0]',
    bad: [gateway(https), attached({})],
    good: [gateway(https), route()],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-https-section',
    field: 'spec.parentRefs[0].name',
    bad: [gateway(http), attached({})],
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
    rule: 'lattice-method-type',
    field: 'spec.rules[0].matches[0].method.type',
    bad: [matching(method('a.B', 'Get.*', 'RegularExpression'))],
    good: [matching(method('a.B', 'Get', 'Exact'), headers('a'))],
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
    rule: 'backend-kind',
    field: 'spec.rules[0].backendRefs[0].kind',
    bad: [onImport({ kind: 'Deployment' })],
    good: [onImport({})],
  },
  {
    profile: 'aws-vpc-lattice',
    rule: 'lattice-service-import',
    field: 'spec.rules[0].backendRefs[0].kind',
    bad: [route({ rules: [{ backendRefs: [{ kind: 'ServiceImport', name: 'shop', port: 1 }] }] })],
    good: [route()],
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
    profile: 'aws-vpc-lattice',
    rule: 'lattice-service-export',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [route(), exported('shop')],
    good: [route(), exported('store'), { ...exported('shop'), apiVersion: 'multicluster.x-k8s.io/v1alpha1' }],
  },
];
