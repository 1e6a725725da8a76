import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Route } from '../shapes.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe } from '../methods.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/exact',
    title: 'A match on service and method takes that method and none whose name merely begins with it',
    support: 'core',
    clauses: [
      'method-exact-service-and-method',
      'method-exact-is-not-prefix',
      'method-type-defaults-exact',
      'grpcroute-unmatched-call-unimplemented',
      'match-headers-omitted-any-metadata',
    ],
    backends: ['v1', 'v2', 'v3'],
    guards: ['Kong/kong-operator#4621', 'projectcontour/contour#5116'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('echo-and-two');
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMust({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMust({ host, method: guideEcho }, { backend: 'v3' });
    await t.callMustAlways({ host, method: echo, metadata: { version: 'two' } }, { backend: 'v1' }, 3);

    for (const method of [guideEchoV2, probe, 'routeproof.v1.Probe/ServerStream']) {
      await t.callMustAlways({ host, method }, refused, 3);
    }

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'echo-and-two' });
    await t.check('a method match without type is stored as Exact', () => {
      expect(route.spec.rules?.[0]?.matches?.[0]?.method).to.include({ type: 'Exact' });
    });
  },
);
