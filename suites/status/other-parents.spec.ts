import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const strangers = ['other-group', 'core-group', 'other-kind'];
const gateway = 'routeproof-base/shared';

function hostOf(route: string): string {
  return `${route}.example.com`;
}

scenario(
  {
    id: 'status/other-parents',
    title:
      'A parent of another group or kind is not the Gateway that it shares its name with: such a route is neither served nor written',
    support: 'core',
    clauses: [
      'parentref-group-kind-default-gateway',
      'parentref-unsupported-kind-ignored',
      'parentref-nonexistent-gateway-no-entry',
      'status-entry-per-parentref',
      'parentref-removed-detaches',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition(
      'both',
      { type: 'Accepted', status: 'True' },
      { parent: { name: 'shared', namespace: 'routeproof-base' } },
    );
    await t.callMust({ gateway, host: hostOf('both') }, { backend: 'v1' });
    await t.barrier({ gateway });
    for (const name of strangers) {
      await t.callMustAlways({ gateway, host: hostOf(name) }, refused, 3);
      await t.routeMustHaveNoParent(name);
    }
    await t.check(
      'one entry for the two parents, that of the Gateway',
      async () => {
        const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'both' });
        const parents = entriesOf(route, t.controllerName).map(({ parentRef }) => parentRef);
        expect(parents).to.have.length(1);
        expect(parents[0]?.group ?? 'gateway.networking.k8s.io').to.equal('gateway.networking.k8s.io');
      },
      'status',
    );

    await t.update<Route>({ kind: 'GRPCRoute', name: 'both' }, ({ spec }) => {
      spec.parentRefs = (spec.parentRefs ?? []).filter(({ group }) => group === 'routing.example.org');
    });
    await t.callMust({ gateway, host: hostOf('both') }, refused);
    await t.routeMustHaveNoParent('both');
    await t.update<Route>({ kind: 'GRPCRoute', name: 'other-group' }, ({ spec }) => {
      for (const ref of spec.parentRefs ?? []) ref.group = 'gateway.networking.k8s.io';
    });
    await t.routeMustBeAccepted('other-group');
    await t.callMust({ gateway, host: hostOf('other-group') }, { backend: 'v1' });
    for (const name of ['core-group', 'other-kind', 'both']) await t.routeMustHaveNoParent(name);
  },
);
