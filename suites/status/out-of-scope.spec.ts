import { expect, scenario } from '../../harness/index.ts';
import { entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const ref = { kind: 'GRPCRoute', name: 'leaving' };
const call = { gateway: 'routeproof-base/shared', host: 'leaving.example.com' };

scenario(
  {
    id: 'status/out-of-scope',
    title:
      'A route that has gone to the Gateway of another controller is neither served nor written any more',
    support: 'core',
    clauses: [
      'status-out-of-scope-not-updated',
      'status-last-parentref-cleaned',
      'parentref-removed-detaches',
      'parentref-foreign-class-no-entry',
    ],
    guards: ['cilium/cilium#48367'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('leaving');
    await t.callMust(call, { backend: 'v1' });
    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = [{ name: 'foreign' }];
    });
    await t.callMust(call, { status: 'UNIMPLEMENTED', backend: null });
    await t.routeMustHaveNoParent('leaving');

    for (const name of ['v2', 'ghost', 'v1']) {
      await t.update<Route>(ref, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
      const written = await t.get<Route>(ref);
      await t.barrier({ gateway: 'routeproof-base/shared' });
      const now = await t.get<Route>(ref);
      await t.check(
        `nothing is written after the edit to ${name}`,
        () => {
          expect(entriesOf(now, t.controllerName)).to.deep.equal([]);
          expect(now.metadata?.resourceVersion).to.equal(written.metadata?.resourceVersion);
        },
        'status',
      );
    }
    await t.callMustAlways(call, { status: 'UNIMPLEMENTED', backend: null }, 3);
  },
);
