import { scenario } from '../../harness/index.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';
import { unserved } from '../expected.ts';

const call = { gateway: 'edge', host: 'checkout.example.com' };
const namespace = 'passing';
const resolved = { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' } as const;
const unresolved = { type: 'ResolvedRefs', status: 'False' } as const;

scenario(
  {
    id: 'cross-namespace/namespace-made-again',
    title:
      'What is in a namespace goes with it, and what is put into another one of its name is in force: Services, grants, certificates, Gateways',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'backend-service-forwarding',
      'refgrant-required',
      'refgrant-addition-enables',
      'refgrant-grpcroute-core-kind',
      'tls-terminate-secret',
      'tls-cross-namespace-grant-all',
      'gateway-listenersnotvalid-none-valid',
    ],
    backends: ['v1', 'v2'],
    takesMs: 6000,
  },
  async (t) => {
    const isInForce = async (backend: string): Promise<void> => {
      await t.applyObjects({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const ca = await t.tlsSecret({ name: 'cert', namespace }, [call.host]);
      const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
      await t.applyObjects(
        ...objectsIn(t.namespace(), await t.get<EndpointSlice>({ ...slice, name: backend })),
      );
      await t.routeMustBeAccepted('checkout');
      await t.listenerMustHaveCondition('edge', 'https', resolved);
      await t.callMust(call, { backend });
      await t.callMust({ ...call, tls: { ca } }, { backend });
      const reason = 'ListenersNotValid';
      await t.gatewayMustHaveCondition('passing/inner', { type: 'Accepted', status: 'False', reason });
    };
    await t.apply();
    await t.callMust(call, unserved);
    await isInForce('v1');

    await t.remove({ kind: 'Namespace', name: namespace });
    await t.routeMustHaveCondition('checkout', unresolved);
    await t.listenerMustHaveCondition('edge', 'https', unresolved);
    await t.callMust(call, unserved);
    await isInForce('v2');
  },
);

/** What routes and Gateways of namespace `from` use of the other one, with these endpoints, and a Gateway that needs no proxy. */
function objectsIn(from: string, { addressType, endpoints }: EndpointSlice): object[] {
  const group = 'gateway.networking.k8s.io';
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'pool', namespace },
      spec: { ports: [{ name: 'grpc', port: 9000, appProtocol: 'kubernetes.io/h2c' }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'pool', namespace, labels: { 'kubernetes.io/service-name': 'pool' } },
      addressType,
      ports: [{ name: 'grpc', port: 9000, protocol: 'TCP' }],
      endpoints,
    },
    {
      apiVersion: `${group}/v1beta1`,
      kind: 'ReferenceGrant',
      metadata: { name: 'to-all', namespace },
      spec: {
        from: ['GRPCRoute', 'Gateway'].map((kind) => ({ group, kind, namespace: from })),
        to: ['Service', 'Secret'].map((kind) => ({ group: '', kind })),
      },
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'Gateway',
      metadata: { name: 'inner', namespace },
      spec: {
        gatewayClassName: 'routeproof',
        listeners: [{ name: 'of-nobody', protocol: 'example.org/unheard', port: 80 }],
      },
    },
  ];
}
