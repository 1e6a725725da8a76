import {
  backendRefs,
  away,
  grant,
  headers,
  httpRoute,
  inNamespace,
  route,
  service,
  type Case,
} from './objects.ts';

const to = (ref: object): object =>
  route({ rules: [{ backendRefs: [{ name: 'shop', port: 9000, ...ref }] }] });

const named = (name: string): object => ({ ...service({}), metadata: { name } });

const mirroringTo = (backendRef: object): object =>
  to({ filters: [{ type: 'RequestMirror', requestMirror: { backendRef } }] });

/** Backends of routes, and grants. */
export const backendsCases: Case[] = [
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
    rule: 'backend-not-granted',
    field: 'spec.rules[0].backendRefs[0].filters[0].requestMirror.backendRef.namespace',
    bad: [mirroringTo({ name: 'shop', namespace: 'store', port: 9000 })],
    good: [mirroringTo({ name: 'shop', port: 9000 })],
  },
  {
    rule: 'backend-port-not-found',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [route(), service({ clusterIP: 'None', ports: undefined })],
    good: [route(), service({ clusterIP: 'None' })],
  },
  ...['shop.default.svc.cluster.local', 'store/shop', 'Shop'].map((name) => ({
    rule: 'backend-name',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [to({ name })],
    good: [to({ group: 'example.com', kind: 'Backend', name })],
  })),
  {
    rule: 'backend-kind',
    field: 'spec.rules[0].backendRefs[0].kind',
    bad: [to({ kind: 'Deployment', group: 'apps' })],
    good: [to({ kind: 'Backend', group: 'example.com' })],
  },
  {
    rule: 'backend-name',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [to({ name: 'a'.repeat(64) })],
    good: [to({ name: 'a'.repeat(63) })],
  },
  {
    rule: 'route-as-backend',
    field: 'spec.rules[0].backendRefs[0].kind',
    bad: [to({ kind: 'HTTPRoute', group: 'gateway.networking.k8s.io' })],
    good: [to({ kind: 'HTTPRoute', group: 'example.com' })],
  },
  {
    rule: 'backend-kind',
    field: 'spec.rules[0].backendRefs[0].group',
    bad: [to({ kind: 'Service', group: 'v1' })],
    good: [to({ kind: 'Service', group: '' })],
  },
  {
    rule: 'backend-protocol',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [route(), service({ ports: [{ port: 9000, protocol: 'UDP' }] })],
    good: [route(), service({ ports: [{ port: 9000, protocol: '' }] })],
  },
  {
    rule: 'backend-protocol',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [route(), service({ ports: [{ port: 9000, protocol: 'SCTP' }] })],
    good: [
      route(),
      service({
        ports: [
          { name: 'a', port: 9000, protocol: 'UDP' },
          { name: 'b', port: 9000 },
        ],
      }),
    ],
  },
  {
    rule: 'backend-protocol',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [route(), service({ ports: [{ port: 9000, appProtocol: 'kubernetes.io/ws' }] })],
    good: [route(), service({ ports: [{ port: 9000, appProtocol: 'kubernetes.io/h2c' }] })],
  },
  {
    rule: 'backend-protocol',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [
      route(),
      service({
        ports: [
          { name: 'a', port: 9000, protocol: 'UDP' },
          { name: 'b', port: 9000, appProtocol: 'kubernetes.io/ws' },
        ],
      }),
    ],
    good: [
      route(),
      service({
        ports: [
          { name: 'a', port: 9000, protocol: 'UDP', appProtocol: 'kubernetes.io/ws' },
          { name: 'b', port: 9000 },
        ],
      }),
    ],
  },
  {
    rule: 'backend-protocol',
    field: 'spec.rules[0].backendRefs[0].port',
    bad: [httpRoute('a.example.com'), service({ ports: [{ port: 9000, protocol: 'UDP' }] })],
    good: [httpRoute('a.example.com'), service({ ports: [{ port: 9000, appProtocol: 'kubernetes.io/ws' }] })],
  },
  {
    rule: 'backend-in-other-namespace',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [route(), inNamespace(service({ ports: [{ port: 9000 }] }), 'store')],
    good: [
      route(),
      service({ ports: [{ port: 9000 }] }),
      inNamespace(service({ ports: [{ port: 9000 }] }), 'store'),
    ],
  },
  {
    rule: 'name-nearby',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [to({ name: 'shopp' }), service({})],
    good: [to({ name: 'shop-v1' }), { ...service({}), metadata: { name: 'shop-v2' } }],
  },
  ...(
    [
      ['api', 'app'],
      ['cart-b', 'cart-a'],
      ['shops', 'sho'],
    ] as const
  ).map(([wanted, there]) => ({
    rule: 'name-nearby',
    field: 'spec.rules[0].backendRefs[0].name',
    bad: [to({ name: 'cart-bb' }), named('crt-bb')],
    good: [to({ name: wanted }), named(there)],
  })),
  {
    rule: 'grant-without-effect',
    field: 'spec.from[0].kind',
    bad: [grant({ kind: 'grpcroute', namespace: 'team' }, { group: '', kind: 'Service' })],
    good: [
      grant(
        { group: 'example.com', kind: 'grpcroute', namespace: 'team' },
        { group: 'example.com', kind: 'service' },
      ),
    ],
  },
  {
    rule: 'grant-without-effect',
    field: 'spec.to[0].kind',
    bad: [grant({ kind: 'GRPCRoute', namespace: 'team' }, { group: '', kind: 'service' })],
    good: [grant({ kind: 'GRPCRoute', namespace: 'team' }, { group: '', kind: 'Secret' })],
  },
  {
    rule: 'grant-without-effect',
    field: 'spec.from[0].group',
    bad: [
      grant({ group: 'example.com', kind: 'GRPCRoute', namespace: 'team' }, { group: '', kind: 'Service' }),
    ],
    good: [grant({ group: 'example.com', kind: 'Other', namespace: 'team' }, { group: '', kind: 'Service' })],
  },
  {
    rule: 'grant-without-effect',
    field: 'spec.to[0].group',
    bad: [grant({ kind: 'GRPCRoute', namespace: 'team' }, { group: 'core', kind: 'Service' })],
    good: [grant({ kind: 'GRPCRoute', namespace: 'team' }, { group: 'example.com', kind: 'Backend' })],
  },
];
