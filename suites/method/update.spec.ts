import { scenario } from '../../harness/index.ts';
import { refused, unserved } from '../expected.ts';
import type { Route, RouteRule } from '../shapes.ts';
import { echo, probe } from '../methods.ts';

const host = 'method.example.com';
const toEcho: RouteRule = {
  matches: [{ method: { service: 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho', method: 'Echo' } }],
  backendRefs: [{ name: 'v2', port: 9000 }],
};

scenario(
  {
    id: 'method/update',
    title: 'An edited route is followed: another backend, another method, a backend that does not exist',
    support: 'core',
    clauses: ['grpcroute-update-takes-effect'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const become = async (rule: RouteRule): Promise<void> => {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'edited' }, (route) => {
        route.spec.rules = [rule];
      });
    };
    await t.apply();
    await t.routeMustBeAccepted('edited');
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: probe, tls: true }, { backend: 'v1' });

    await become({ ...toEcho, matches: [{ method: { service: 'routeproof.v1.Probe', method: 'Unary' } }] });
    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
    await t.callMust({ host, method: probe, tls: true }, { backend: 'v2' });

    await become(toEcho);
    await t.callMust({ host, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, refused);

    await become({ ...toEcho, backendRefs: [{ name: 'missing', port: 9000 }] });
    await t.routeMustHaveCondition('edited', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust({ host, method: echo }, unserved);

    await become(toEcho);
    await t.routeMustBeAccepted('edited');
    await t.callMust({ host, method: echo }, { backend: 'v2' });
  },
);
