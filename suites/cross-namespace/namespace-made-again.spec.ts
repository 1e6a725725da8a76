import { scenario } from '../../harness/index.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';
import { unserved } from '../expected.ts';

const call = { gateway: 'routeproof-base/shared', host: 'checkout.example.com' };
const inside = { gateway: 'passing/edge', host: 'inside.example.com' };
const namespace = 'passing';

scenario(
  {
    id: 'cross-namespace/namespace-made-again',
    title:
      'What is in a namespace goes with it, and what is put into another one of its name is in force: Services, grants, certificates, Gateways',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'backend-recovers',
      'backend-service-forwarding',
      'backend-endpoints-follow',
      'refgrant-required',
      'refgrant-addition-enables',
      'refgrant-grpcroute-core-kind',
      'gateway-accepted-true',
      'gateway-programmed-true',
      'tls-terminate-secret',
      'tls-secret-recovers',
    ],
    backends: ['v1', 'v2'],
    takesMs: 8000,
  },
  async (t) => {
    const fill = async (backend: string): Promise<void> => {
      const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
      const { addressType, endpoints } = await t.get<EndpointSlice>({ ...slice, name: backend });
      const rules = [{ backendRefs: [{ name: 'pool', port: 9000 }] }];
      const objects: object[] = [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'pool', namespace },
          spec: { ports: [{ name: 'grpc', port: 9000, appProtocol: 'kubernetes.io/h2c' }] },
        },
        {
          ...slice,
          metadata: { name: 'pool', namespace, labels: { 'kubernetes.io/service-name': 'pool' } },
          addressType,
          ports: [{ name: 'grpc', port: 9000, protocol: 'TCP' }],
          endpoints,
        },
        {
          apiVersion: 'gateway.networking.k8s.io/v1beta1',
          kind: 'ReferenceGrant',
          metadata: { name: 'routes', namespace },
          spec: {
            from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: t.namespace() }],
            to: [{ group: '', kind: 'Service' }],
          },
        },
        {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'Gateway',
          metadata: { name: 'edge', namespace },
          spec: {
            gatewayClassName: 'routeproof',
            listeners: [
              { name: 'https', protocol: 'HTTPS', port: 443, tls: { certificateRefs: [{ name: 'cert' }] } },
            ],
          },
        },
        {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'GRPCRoute',
          metadata: { name: 'inside', namespace },
          spec: { parentRefs: [{ name: 'edge' }], hostnames: [inside.host], rules },
        },
      ];
      await t.applyObjects(...objects);
    };
    const isInForce = async (backend: string): Promise<void> => {
      await t.applyObjects({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const ca = await t.tlsSecret({ name: 'cert', namespace }, [inside.host]);
      await fill(backend);
      await t.gatewayMustBeProgrammed('passing/edge');
      await t.routeMustBeAccepted('checkout');
      await t.callMust(call, { backend });
      await t.callMust({ ...inside, tls: { ca } }, { backend });
    };
    await t.apply();
    await t.callMust(call, unserved);
    await isInForce('v1');

    await t.remove({ kind: 'Namespace', name: namespace });
    await t.routeMustHaveCondition('checkout', { type: 'ResolvedRefs', status: 'False' });
    await t.callMust(call, unserved);
    await isInForce('v2');
  },
);
