import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { ParentRef, Route } from '../shapes.ts';

const checkout = { host: 'checkout.example.com' };
const gold = { host: 'checkout.example.com', metadata: { tenant: 'gold' } };
const hopeless = { host: 'hopeless.example.com', metadata: { tenant: 'gold' } };

/** Repairs the pattern of a route's first rule. */
const repair = ({ spec }: Route): void => {
  for (const header of spec.rules?.[0]?.matches?.[0]?.headers ?? []) header.value = 'gold(en)?';
};

scenario(
  {
    id: 'status/invalid-regex',
    title:
      'A pattern that does not compile costs its own rule only, shows in the status of every accepted parent, and is served once repaired',
    support: 'core',
    clauses: [
      'status-partiallyinvalid-set',
      'status-partiallyinvalid-dropped-rule',
      'status-partiallyinvalid-cleared',
      'status-partiallyinvalid-absent-when-valid',
      'status-accepted-when-one-rule-works',
      'status-accepted-false-when-no-rule-works',
      'status-unsupported-value',
      'listener-invalid-rule-dropped',
      'status-observedgeneration-current',
      'status-entry-per-parentref',
      'listener-attachedroutes-accepted-only',
    ],
    guards: [
      'kgateway-dev/kgateway#14264',
      'kubernetes-sigs/cloud-provider-kind#452',
      'envoyproxy/gateway#6874',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', { type: 'PartiallyInvalid', status: 'True' });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.routeMustHaveCondition('hopeless', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedValue',
    });
    // The hopeless one is on none.
    await t.listenerMustHaveAttachedRoutes('edge', 'http', 2);
    await t.listenerMustHaveAttachedRoutes('edge', 'again', 2);
    await t.callMust(checkout, { backend: 'v1' });
    await t.callMust({ host: 'bystander.example.com' }, { backend: 'v1' });
    await t.callMustAlways(gold, { backend: 'v1' }, 3);
    await t.callMustAlways(hopeless, { status: 'UNIMPLEMENTED', backend: null }, 3);
    await t.check(
      'PartiallyInvalid says what was done, and only where a rule is left',
      async () => {
        const conditions = async (name: string) =>
          entriesOf(await t.get<Route>({ kind: 'GRPCRoute', name }), t.controllerName)[0]?.conditions;
        expect(conditionOf(await conditions('checkout'), 'PartiallyInvalid')?.message).to.match(
          /^Dropped Rule/,
        );
        expect(conditionOf(await conditions('hopeless'), 'PartiallyInvalid')).to.equal(undefined);
        expect(conditionOf(await conditions('bystander'), 'PartiallyInvalid')).to.equal(undefined);
      },
      'status',
    );

    // Counts at the route's new generation only.
    await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
      spec.hostnames?.push(t.host('more.example.com'));
    });
    await t.routeMustHaveCondition('checkout', { type: 'PartiallyInvalid', status: 'True' });
    await t.callMust({ host: 'more.example.com' }, { backend: 'v1' });

    // What is refused as a whole has no rules to speak of.
    const { spec: written } = await t.get<Route>({ kind: 'GRPCRoute', name: 'checkout' });
    const setParents = (parents: ParentRef[]) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
        spec.parentRefs = parents;
      });
    await setParents([{ name: 'edge', sectionName: 'no-such-listener' }]);
    await t.routeMustHaveCondition('checkout', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingParent',
    });
    await t.until<Route>(
      { kind: 'GRPCRoute', name: 'checkout' },
      'no PartiallyInvalid on a route that is not accepted',
      (route) =>
        entriesOf(route, t.controllerName).every(
          ({ conditions }) => conditionOf(conditions, 'PartiallyInvalid') === undefined,
        ),
      'status',
    );
    await setParents(written.parentRefs ?? []);
    await t.routeMustHaveCondition('checkout', { type: 'PartiallyInvalid', status: 'True' });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, repair);
    await t.update<Route>({ kind: 'GRPCRoute', name: 'hopeless' }, repair);
    await t.routeMustBeAccepted('checkout');
    await t.routeMustBeAccepted('hopeless');
    await t.listenerMustHaveAttachedRoutes('edge', 'http', 3);
    await t.callMust(gold, { backend: 'v2' });
    await t.callMust(hopeless, { backend: 'v1' });
    await t.check(
      'PartiallyInvalid is gone',
      async () => {
        const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'checkout' });
        expect(conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'PartiallyInvalid')).to.equal(
          undefined,
        );
      },
      'status',
    );
  },
);
