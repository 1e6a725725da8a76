import { expect, scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import { acceptedOrRefused } from '../optional-support.ts';
import type { Gateway, Route } from '../shapes.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';

scenario(
  {
    id: 'status/attached-routes',
    title: 'attachedRoutes counts each accepted route once per listener, of every kind, up and down to 0',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'hostname-no-intersection-rejected',
      'listener-attachedroutes-count',
      'listener-attachedroutes-accepted-only',
      'listener-attachedroutes-all-kinds',
      'listener-attachedroutes-decrements',
      'listener-attachedroutes-per-listener',
      'listener-attachedroutes-route-counted-once',
      'listener-attachedroutes-unresolved-backend-counts',
      'listener-resolvedrefs-true',
      'parentref-sectionname-selects-listener',
      'status-lasttransitiontime-stable',
      'status-steady-state-quiet',
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
    // What its routes refer to is no reference of the listener.
    await t.listenerMustHaveCondition('counted', 'shop', {
      type: 'ResolvedRefs',
      status: 'True',
      reason: 'ResolvedRefs',
    });
    await t.callMust({ host: 'twice.shop.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'twice.shop.example.com', port: 8080 }, { backend: 'v1' });
    await t.callMust({ host: 'unresolved.shop.example.com' }, unserved);
    await t.callMustAlways({ host: 'outside.example.com' }, { status: 'UNIMPLEMENTED', backend: null }, 3);

    const move = (hostname: string) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'outside' }, ({ spec }) => {
        spec.hostnames = [t.host(hostname)];
      });
    const inside = { host: 'inside.shop.example.com' };

    // A GRPCRoute has its hostname. Which of them are accepted is judged elsewhere.
    const rival = { kind: 'HTTPRoute', name: 'unresolved-rival' } as const;
    await t.applyObjects({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: rival.kind,
      metadata: { name: rival.name },
      spec: {
        parentRefs: [{ name: 'counted', sectionName: 'shop' }],
        hostnames: [t.host('unresolved.shop.example.com')],
        rules: [{ backendRefs: [{ name: 'v1', port: 9000 }] }],
      },
    } as Route);
    await t.barrier({ gateway: 'routeproof-base/shared' });
    const areAccepted = [
      await acceptedOrRefused(t, rival),
      await acceptedOrRefused(t, { kind: 'GRPCRoute', name: 'unresolved' }),
    ];
    const more = areAccepted.filter(Boolean).length - 1;
    await move(inside.host);
    await count(4 + more, 1);
    await t.callMust(inside, { backend: 'v1' });
    await move('outside.example.com');
    await count(3 + more, 1);
    await t.callMust(inside, { status: 'UNIMPLEMENTED', backend: null });
    await t.remove(rival);
    await move(inside.host);
    await count(4, 1);
    await t.callMust(inside, { backend: 'v1' });

    const twice = { kind: 'GRPCRoute', name: 'twice' };
    const { spec: written } = await t.get<Route>(twice);
    const attach = (parentRefs: Route['spec']['parentRefs']) =>
      t.update<Route>(twice, ({ spec }) => Object.assign(spec, { parentRefs }));
    await attach([{ name: 'counted', sectionName: 'shop' }]);
    await count(4, 0);
    await t.callMust(
      { host: 'twice.shop.example.com', port: 8080 },
      { status: 'UNIMPLEMENTED', backend: null },
    );
    // It has lost one of two references to the listener that it is still attached to.
    await t.callMustAlways({ host: 'twice.shop.example.com' }, { backend: 'v1' }, 3);

    // It goes while it is attached to both.
    await attach(written.parentRefs);
    await count(4, 1);
    await t.remove({ kind: 'HTTPRoute', name: 'twice' });
    for (const name of ['twice', 'unresolved', 'outside']) await t.remove({ kind: 'GRPCRoute', name });
    await count(0, 0);
    await t.callMust({ host: 'twice.shop.example.com' }, { status: 'UNIMPLEMENTED', backend: null });

    const ages = await backdate(t, { kind: 'Gateway', name: 'counted' });
    const crowd = Array.from({ length: 12 }, (_, index): Route => {
      const name = `crowd-${String(index)}`;
      const hostnames = [t.host(`${name}.shop.example.com`)];
      const rules = [{ backendRefs: [{ name: 'v1', port: 9000 }] }];
      return {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GRPCRoute',
        metadata: { name },
        spec: { parentRefs: [{ name: 'counted', sectionName: 'shop' }], hostnames, rules },
      };
    });
    await t.applyObjects(...crowd);
    await count(12, 0);
    await t.callMust({ host: 'crowd-11.shop.example.com' }, { backend: 'v1' });
    const going = Array.from({ length: 8 }, (_, index) => `crowd-${String(index)}`);
    const deleted = await t.kubectl(['delete', 'grpcroutes', ...going, '--wait=false']);
    await t.check(
      'eight routes are deleted at once',
      () => expect(deleted.exitCode, deleted.stderr).to.equal(0),
      'apply',
    );
    await count(4, 0);

    const counted = await t.get<Gateway>({ kind: 'Gateway', name: 'counted' });
    await t.check(
      'no time has moved with the counts',
      () => timesMustHaveStayed(t, counted, ages, ['Accepted', 'shop Accepted', 'other Accepted']),
      'status',
    );
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'nor has Programmed come and gone with them',
        () => timesMustHaveStayed(t, counted, ages, ['Programmed', 'shop Programmed', 'other Programmed']),
        'status',
      ),
    );

    await t.update<Gateway>({ kind: 'Gateway', name: 'counted' }, ({ spec }) => {
      for (const listener of spec.listeners)
        if (listener.name === 'shop') listener.hostname = t.host('crowd-11.shop.example.com');
      // Which of the listeners comes first means nothing.
      spec.listeners.reverse();
    });
    await count(1, 0);
    await t.callMust({ host: 'crowd-11.shop.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'crowd-10.shop.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
  },
);
