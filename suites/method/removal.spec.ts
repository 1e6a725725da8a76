import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, probe } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/removal',
    title:
      'A deleted route stops serving, its neighbour goes on without losing a call, it can come back as another one, and both can go together',
    support: 'core',
    clauses: [
      'grpcroute-delete-stops-traffic',
      'grpcroute-update-takes-effect',
      'grpcroute-multiple-routes-share-listener',
      'grpcroute-change-without-loss',
    ],
    backends: ['v1', 'v2'],
    guards: ['apache/apisix-ingress-controller#2472'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('removed');
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: probe, tls: true }, { backend: 'v1' });
    await t.callMust({ host, method: echo }, { backend: 'v2' });

    const removed = await t.get<Route>({ kind: 'GRPCRoute', name: 'removed' });
    const neighbour = steadyCalls(t, { host, method: echo }, 1);
    await t.remove({ kind: 'GRPCRoute', name: 'removed' });
    await t.callMust({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: 'routeproof.v1.Probe/ServerStream' }, { backend: 'v1' }, 3);

    // Of the same name and generation, and another object all the same.
    const again: Route = { ...removed, metadata: { name: 'removed' }, spec: { ...removed.spec } };
    again.spec.rules = [{ ...again.spec.rules?.[0], backendRefs: [{ name: 'v2', port: 9000 }] }];
    delete again.status;
    await t.applyObjects(again);
    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v2' }, 3);
    await t.update<Route>({ kind: 'GRPCRoute', name: 'removed' }, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v1', port: 9000 }];
    });
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    const answered = await neighbour.stop();
    await t.check(
      'the neighbour lost no call while the other route went, came back and changed',
      () => {
        expect(lost(answered)).to.deep.equal([]);
      },
      'routed',
    );

    await Promise.all(['removed', 'removed-later'].map((name) => t.remove({ kind: 'GRPCRoute', name })));
    for (const method of [probe, echo]) {
      await t.callMust({ host, method }, refused);
      await t.callMust({ host, method, tls: true }, refused);
      await t.callMustAlways({ host, method }, refused, 3);
    }
  },
);
