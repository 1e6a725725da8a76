import { scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import type { Route } from '../shapes.ts';

scenario(
  {
    id: 'status/attached-routes',
    title: 'attachedRoutes counts each accepted route once per listener, of every kind, up and down to 0',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'listener-attachedroutes-count',
      'listener-attachedroutes-accepted-only',
      'listener-attachedroutes-all-kinds',
      'listener-attachedroutes-decrements',
      'listener-attachedroutes-per-listener',
      'listener-attachedroutes-route-counted-once',
      'listener-attachedroutes-unresolved-backend-counts',
    ],
    guards: ['Kong/kubernetes-ingress-controller#7516'],
    backends: ['v1'],
  },
  async (t) => {
    const count = async (shop: number, other: number): Promise<void> => {
      await t.listenerMustHaveAttachedRoutes('counted', 'shop', shop);
      await t.listenerMustHaveAttachedRoutes('counted', 'other', other);
    };
    await t.apply();
    await t.gatewayMustBeProgrammed('counted');
    await t.routeMustHaveCondition('outside', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingListenerHostname',
    });
    await count(3, 1);
    await t.callMust({ host: 'twice.shop.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'twice.shop.example.com', port: 8080 }, { backend: 'v1' });
    await t.callMust({ host: 'unresolved.shop.example.com' }, unserved);
    await t.callMustAlways({ host: 'outside.example.com' }, { status: 'UNIMPLEMENTED', backend: null }, 3);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'outside' }, ({ spec }) => {
      spec.hostnames = [t.host('inside.shop.example.com')];
    });
    await count(4, 1);
    await t.callMust({ host: 'inside.shop.example.com' }, { backend: 'v1' });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'twice' }, ({ spec }) => {
      spec.parentRefs = [{ name: 'counted', sectionName: 'shop' }];
    });
    await count(4, 0);
    await t.callMust(
      { host: 'twice.shop.example.com', port: 8080 },
      { status: 'UNIMPLEMENTED', backend: null },
    );

    await t.remove({ kind: 'HTTPRoute', name: 'pages' });
    for (const name of ['twice', 'unresolved', 'outside']) await t.remove({ kind: 'GRPCRoute', name });
    await count(0, 0);
    await t.callMust({ host: 'twice.shop.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
  },
);
