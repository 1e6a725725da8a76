import { scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import type { BackendRef, Route } from '../shapes.ts';

const echo = { host: 'grpc.example.com', method: 'echo.Echo/Echo', message: { text: 'hello world' } };
const unresolved = (reason: string) => ({ type: 'ResolvedRefs', status: 'False' as const, reason });

scenario(
  {
    id: 'guides/kgateway-backend-not-found',
    title:
      'Pitfall "Backend Not Found": a wrong name, and another namespace without and with a ReferenceGrant',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'backend-profile-kgateway-resolvedrefs-false',
      'refgrant-profile-kgateway-backend',
      'backend-not-found-status',
    ],
    guards: ['nginx/nginx-gateway-fabric#2333'],
    backends: ['grpc-echo', 'backends/grpc-echo'],
    manifests: ['kgateway-backend-not-found.yaml', 'kgateway-backend-not-found.grant.yaml'],
  },
  async (t) => {
    const pointTo = (backendRef: BackendRef) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'echo-route' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [backendRef];
      });
    await t.apply();
    await t.routeMustHaveCondition('echo-route', unresolved('BackendNotFound'));
    await t.callMust(echo, unserved);

    await pointTo({ name: 'grpc-echo', port: 9000 });
    await t.routeMustBeAccepted('echo-route');
    await t.callMust(echo, { backend: 'grpc-echo' });

    await pointTo({ name: 'grpc-echo', namespace: 'backends', port: 9000 });
    await t.routeMustHaveCondition('echo-route', unresolved('RefNotPermitted'));
    await t.callMust(echo, unserved);

    await t.apply('kgateway-backend-not-found.grant.yaml');
    await t.routeMustBeAccepted('echo-route');
    await t.callMust(echo, { backend: 'backends/grpc-echo' });
  },
);
