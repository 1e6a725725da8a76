import {
  tls,
  attached,
  foreign,
  gateway,
  http,
  httpRoute,
  https,
  inNamespace,
  namespace,
  openGateway,
  route,
  service,
  set,
  toEdge,
  toSet,
  type Case,
} from './objects.ts';

const open = { ...https, allowedRoutes: { namespaces: { from: 'All' } } };
const selecting = (selector: object): object =>
  gateway({ ...https, allowedRoutes: { namespaces: { from: 'Selector', selector } } });
/** One admits the namespace, the other one the hostname. */
const twoListeners = [
  gateway({ ...open, name: 'a', hostname: 'a.example.com' }, { ...https, hostname: 'b.example.com' }),
];

const gatewayClass = (name: string): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name },
  spec: { controllerName: 'example.com/controller' },
});
const ofClass = (gatewayClassName: string): object => ({
  ...gateway(https),
  spec: { gatewayClassName, listeners: [https] },
});
const publicGateway = { ...gateway(https), metadata: { name: 'public-gateway' } };

/** Routes and their parents. */
export const attachmentCases: Case[] = [
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
    rule: 'written-twice',
    field: 'metadata.name',
    bad: [route(), route()],
    good: [route(), route({}, foreign)],
  },
  {
    rule: 'hostname-is-address',
    field: 'spec.hostnames[0]',
    bad: [route({ hostnames: ['10.0.0.1'] })],
    good: [route({ hostnames: ['10.example.com'] })],
  },
  {
    rule: 'hostname-shared-with-httproute',
    field: 'spec.hostnames[0]',
    bad: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('*.example.com')],
    good: [gateway(https), route({ hostnames: ['a.example.com'] }), httpRoute('b.example.com')],
  },

  {
    rule: 'no-listener-accepts',
    field: 'spec.parentRefs[0].name',
    bad: [...twoListeners, inNamespace(route({ ...toEdge, hostnames: ['b.example.com'] }), 'team')],
    good: [...twoListeners, inNamespace(route({ ...toEdge, hostnames: ['a.example.com'] }), 'team')],
  },
  {
    rule: 'namespace-not-allowed',
    field: 'spec.parentRefs[0].namespace',
    bad: [
      namespace('team', { env: 'dev' }),
      selecting({ matchExpressions: [{ key: 'env', operator: 'In', values: ['prod'] }] }),
      route(toEdge, foreign),
    ],
    good: [
      namespace('team', { env: 'dev' }),
      selecting({
        matchExpressions: [
          { key: 'env', operator: 'NotIn', values: ['prod'] },
          { key: 'env', operator: 'Exists' },
        ],
      }),
      route(toEdge, foreign),
    ],
  },
  {
    rule: 'hostname-no-intersection',
    field: 'spec.parentRefs[0].name',
    bad: [
      openGateway('Same'),
      set({ ...http, port: 81, hostname: 'a.example.com' }),
      toSet({}, { hostnames: ['b.example.com'] }),
    ],
    good: [
      openGateway('Same'),
      set({ ...http, port: 81, hostname: 'a.example.com' }),
      toSet({}, { hostnames: ['a.example.com'] }),
    ],
  },
  {
    rule: 'section-not-found',
    field: 'spec.parentRefs[0].sectionName',
    bad: [openGateway('Same'), set({ ...http, name: 'x', port: 81 }), toSet({ sectionName: 'http' })],
    good: [openGateway('Same'), set({ ...http, name: 'x', port: 81 }), toSet({ sectionName: 'x' })],
  },
  {
    rule: 'tls-listener-unclear',
    field: 'spec.parentRefs[0].name',
    bad: [gateway({ ...https, protocol: 'TLS', tls: { mode: 'Terminate', ...tls } }), route()],
    good: [gateway(https), route()],
  },
  {
    rule: 'protocol-without-grpc',
    field: 'spec.parentRefs[0].name',
    bad: [gateway({ ...https, protocol: 'TLS', tls: { mode: 'Passthrough' } }), route()],
    good: [gateway(https), route()],
  },
  { rule: 'parents-missing', field: 'spec.parentRefs', bad: [route({ parentRefs: [] })], good: [route()] },
  {
    rule: 'parent-group',
    field: 'spec.parentRefs[0].group',
    bad: [attached({ group: '' })],
    good: [attached({})],
  },
  {
    rule: 'parent-group',
    field: 'spec.parentRefs[0].kind',
    bad: [attached({ kind: 'Service' })],
    good: [attached({ kind: 'Service', group: '' })],
  },
  {
    rule: 'parent-name',
    field: 'spec.parentRefs[0].name',
    bad: [route({ parentRefs: [{ group: '', kind: 'Service', name: 'cart.shop.svc' }] })],
    good: [route({ parentRefs: [{ name: 'cart.shop.svc' }] })],
  },
  {
    rule: 'parent-group',
    field: 'spec.parentRefs[0].group',
    bad: [attached({ kind: 'Service', group: 'core' })],
    good: [attached({ kind: 'Service', group: '' })],
  },
  {
    rule: 'parent-name',
    field: 'spec.parentRefs[0].name',
    bad: [route({ parentRefs: [{ name: 'Edge_1' }] })],
    good: [route({ parentRefs: [{ group: 'example.com', kind: 'Mesh', name: 'Edge_1' }] })],
  },
  {
    rule: 'parent-service-port',
    field: 'spec.parentRefs[0].port',
    bad: [attached({ group: '', kind: 'Service', name: 'shop', port: 80 }), service({})],
    good: [attached({ group: '', kind: 'Service', name: 'shop', port: 9000 }), service({})],
  },
  {
    rule: 'route-as-parent',
    field: 'spec.parentRefs[0].kind',
    bad: [attached({ kind: 'HTTPRoute', sectionName: 'rule' })],
    good: [attached({ group: 'example.com', kind: 'HTTPRoute', sectionName: 'rule' })],
  },
  ...['GatewayClass', 'gateway', 'XListenerSet'].map((kind) => ({
    rule: 'parent-group',
    field: 'spec.parentRefs[0].kind',
    bad: [attached({ kind })],
    good: [attached({ group: 'example.com', kind })],
  })),
  {
    rule: 'parent-group',
    field: 'spec.parentRef.kind',
    bad: [
      {
        ...set({ ...http, port: 81 }),
        spec: { parentRef: { kind: 'gateway', name: 'edge' }, listeners: [http] },
      },
    ],
    good: [set({ ...http, port: 81 })],
  },
  {
    rule: 'name-nearby',
    field: 'spec.parentRefs[0].name',
    bad: [gateway(https), route({ parentRefs: [{ name: 'edgee' }] })],
    good: [gateway(https), route({ parentRefs: [{ name: 'inner' }] })],
  },
  {
    rule: 'name-nearby',
    field: 'spec.gatewayClassName',
    bad: [ofClass('example'), gatewayClass('exmple')],
    good: [ofClass('example'), gatewayClass('other')],
  },
  {
    rule: 'name-nearby',
    field: 'spec.parentRefs[0].name',
    bad: [publicGateway, route({ parentRefs: [{ name: 'public-gatway' }] })],
    good: [publicGateway, route({ parentRefs: [{ name: 'public-green' }] })],
  },
  {
    rule: 'parent-in-other-namespace',
    field: 'spec.parentRef.name',
    bad: [inNamespace(openGateway('All'), 'infra'), set({ ...http, port: 81 })],
    good: [openGateway('All'), set({ ...http, port: 81 })],
  },
  {
    rule: 'name-generated',
    field: 'metadata.generateName',
    bad: [route({}, { metadata: { generateName: 'shop-' } })],
    good: [route()],
  },
  {
    rule: 'parent-in-other-namespace',
    field: 'spec.parentRefs[0].name',
    bad: [gateway(open), route({}, foreign)],
    good: [gateway(open), route(toEdge, foreign)],
  },
  {
    rule: 'listenerset-not-allowed',
    field: 'spec.parentRef.name',
    bad: [gateway(http), set({ ...http, port: 81 })],
    good: [openGateway('Same'), set({ ...http, port: 81 })],
  },
  {
    rule: 'hostname-shared-with-httproute',
    field: 'spec.hostnames',
    bad: [gateway({ ...https, hostname: '*.example.com' }), route(), httpRoute('b.example.com')],
    good: [
      gateway({ ...https, hostname: '*.example.com' }),
      route({ hostnames: ['*.b.example.com'] }),
      httpRoute('x.c.example.com'),
    ],
  },
  {
    rule: 'written-twice',
    field: 'metadata.name',
    bad: [service({}), service({})],
    good: [service({}), { ...service({}), apiVersion: 'serving.example.com/v1' }],
  },
];
