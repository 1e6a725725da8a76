import { scenario } from '../../harness/index.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';
import { hostOf, overTls, policy, tlsPort } from './policies.ts';

const namespace = 'store';
const ports = [{ name: 'tls', port: 443, protocol: 'TCP' }];

scenario(
  {
    id: 'backend-tls/other-namespace',
    title:
      'A policy beside a Service in another namespace is in force for the routes that a grant lets refer to it, whichever endpoints that has by and by',
    support: 'extended',
    features: ['BackendTLSPolicy', 'ReferenceGrant'],
    clauses: ['btls-union-with-grpcroute', 'btls-target-same-namespace', 'backend-endpoints-follow'],
    backends: ['store/v1', 'store/v2'],
    manifests: [],
  },
  async (t) => {
    const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
    const { addressType, endpoints } = await t.get<EndpointSlice>({ ...slice, name: 'v1', namespace });
    const objects: object[] = [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'secure', namespace }, spec: { ports } },
      {
        ...slice,
        metadata: { name: 'secure', namespace, labels: { 'kubernetes.io/service-name': 'secure' } },
        addressType,
        ports: [{ name: 'tls', port: tlsPort, protocol: 'TCP' }],
        endpoints,
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'ca', namespace },
        data: { 'ca.crt': t.backendCa },
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
        kind: 'GRPCRoute',
        metadata: { name: 'secure' },
        spec: {
          parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
          hostnames: [hostOf('secure')],
          rules: [{ backendRefs: [{ name: 'secure', namespace, port: 443 }] }],
        },
      },
    ];
    await t.applyObjects(...objects);
    await t.applyObjects(policy('secure', { namespace }));
    await t.routeMustBeAccepted('secure');
    await t.callMust({ host: hostOf('secure') }, overTls(undefined, 'store/v1'));
    await t.callMust({ host: hostOf('secure'), tls: true }, overTls(undefined, 'store/v1'));

    const next = await t.get<EndpointSlice>({ ...slice, name: 'v2', namespace });
    await t.update<EndpointSlice>({ ...slice, name: 'secure', namespace }, (object) => {
      object.endpoints = next.endpoints;
    });
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust({ host: hostOf('secure') }, overTls(undefined, 'store/v2'));
    });
  },
);
