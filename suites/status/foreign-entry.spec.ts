import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { othersParent } from '../others-status.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { ParentStatus, Route } from '../shapes.ts';
import { patchStatus } from '../status-patch.ts';

const ref = { kind: 'GRPCRoute', name: 'checkout' };
const parent = { parent: { name: 'shared', namespace: 'routeproof-base' } };

const elsewhere = { name: 'elsewhere', namespace: 'routeproof-base' };

/** With ours they fill the list: another controller's name may begin with ours, and its parent be the same. */
function foreigners(t: Scenario): ParentStatus[] {
  const shared = othersParent({ name: 'shared', namespace: t.namespace('routeproof-base') });
  return [
    othersParent(elsewhere),
    shared,
    { ...shared, controllerName: `${t.controllerName}-2` },
    ...Array.from({ length: 28 }, (_, index) =>
      othersParent({ ...elsewhere, name: `elsewhere-${String(index)}` }),
    ),
  ];
}

scenario(
  {
    id: 'status/foreign-entry',
    title:
      "Other controllers' parent entries are kept as they are, as many as there may be, ours comes back when it is removed and goes with its parentRef, and none is written for a Gateway that is not there",
    support: 'core',
    clauses: [
      'status-foreign-entries-untouched',
      'status-no-duplicate-entries',
      'parentref-nonexistent-gateway-no-entry',
      'status-entry-per-parentref',
      'status-entry-restored',
      'status-last-parentref-cleaned',
      'status-gateway-deleted-cleaned',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' }, parent);
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v1' });

    const accepted = await t.get<Route>(ref);
    await t.check(
      'ours is one entry, and none is for a Gateway that is not there',
      () =>
        expect(entriesOf(accepted, t.controllerName).map(({ parentRef }) => parentRef.name)).to.deep.equal([
          'shared',
        ]),
      'status',
    );

    // As an earlier process of the controller may have left it, for a Gateway that went while there was none.
    const left = { ...othersParent({ ...elsewhere, name: 'gone' }), controllerName: t.controllerName };
    await patchStatus(t, ref, [{ op: 'add', path: '/status/parents/-', value: left }]);
    await t.update<Route>(ref, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v1', port: 9000, weight: 2 }];
    });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' }, parent);
    await t.implied(['status-gateway-deleted-cleaned'], async () => {
      await t.until<Route>(ref, 'no entry of ours for another Gateway claims acceptance', (route) =>
        entriesOf(route, t.controllerName).every(
          ({ parentRef, conditions }) =>
            parentRef.name === 'shared' || conditionOf(conditions, 'Accepted')?.status !== 'True',
        ),
      );
    });

    const others = foreigners(t);
    const ours = entriesOf(await t.get<Route>(ref), t.controllerName).filter(
      ({ parentRef }) => parentRef.name === 'shared',
    );
    await patchStatus(t, ref, [{ op: 'replace', path: '/status/parents', value: [...ours, ...others] }]);

    await t.update<Route>(ref, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v2', port: 9000 }];
    });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' }, parent);
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v2' });
    await t.barrier();
    await t.check(
      'our entry once, the foreign ones unchanged, nothing else',
      async () => {
        const { parents = [] } = (await t.get<Route>(ref)).status ?? {};
        const isOurs = ({ controllerName }: ParentStatus): boolean => controllerName === t.controllerName;
        expect(parents.filter(isOurs).map(({ parentRef }) => parentRef.name)).to.deep.equal(['shared']);
        expect(parents.filter((entry) => !isOurs(entry))).to.have.deep.members(others);
      },
      'status',
    );

    // As somebody does who writes the list anew and keeps no entry but its own.
    const alone = { op: 'replace', path: '/status/parents', value: others };
    await t.implied(['status-entry-restored'], async () => {
      await Promise.all([
        t.until<Route>(ref, 'our entry is gone', (route) => entriesOf(route, t.controllerName).length === 0),
        patchStatus(t, ref, [alone]),
      ]);
      await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' }, parent);
      await t.callMustAlways({ host: 'checkout.example.com' }, { backend: 'v2' }, 3);
    });

    // With nothing of ours left the others' entries are still theirs.
    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = spec.parentRefs?.filter(({ name }) => name !== 'shared') ?? [];
    });
    await t.routeMustHaveNoParent('checkout', parent);
    await t.barrier();
    await t.check(
      'the foreign entries are there, and nothing else',
      async () => {
        const { parents = [] } = (await t.get<Route>(ref)).status ?? {};
        expect(parents).to.have.deep.members(others);
      },
      'status',
    );

    // What another controller says of a Gateway stands in the way of nothing.
    await t.update<Route>(ref, ({ spec }) => {
      Object.assign(spec, { parentRefs: accepted.spec.parentRefs });
    });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True' }, parent);
  },
);
