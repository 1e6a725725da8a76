import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import type { Route } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const call = { host: 'checkout.example.com' };

scenario(
  {
    id: 'backend/change-loses-no-call',
    title:
      'Changing the backendRef of a route, or the endpoints of its Service beside one that stays, loses no call of a steady stream of calls',
    support: 'core',
    clauses: ['grpcroute-update-takes-effect', 'backend-service-forwarding', 'grpcroute-change-without-loss'],
    guards: ['envoyproxy/gateway#6287', 'projectcontour/contour#2151', 'envoyproxy/gateway#4685'],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'v1' });

    const stream = steadyCalls(t, call);
    for (const name of ['v2', 'v3', 'v1']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
      await t.callMust(call, { backend: name });
    }
    const results = await stream.stop();
    await t.check(
      'every call was answered, and each backend has had its turn',
      () => {
        expect(lost(results)).to.deep.equal([]);
        expect([...new Set(results.map((result) => result.backend))].sort()).to.deep.equal([
          'v1',
          'v2',
          'v3',
        ]);
      },
      'routed',
    );

    const pooled = { host: 'pool.example.com' };
    await pointTo(t, 'pool', 'v1', 'v2');
    await t.callMust(pooled, { backend: ['v1', 'v2'] });
    const beside = steadyCalls(t, pooled);
    // Pods that leave the Service live on.
    for (const endpoints of [['v1', 'v2', 'v3'], ['v2', 'v3'], ['v2'], ['v2', 'v1']]) {
      await pointTo(t, 'pool', ...endpoints);
      await t.barrier();
    }
    const answered = await beside.stop();
    await t.check(
      'every call was answered while endpoints came and went beside one that stayed',
      () => {
        expect(lost(answered)).to.deep.equal([]);
      },
      'routed',
    );
  },
);
