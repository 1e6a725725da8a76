import { expect, scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { unserved } from '../expected.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { BackendRef, ConditionStatus, Route } from '../shapes.ts';
import { patchStatus } from '../status-patch.ts';

const ref = { kind: 'GRPCRoute', name: 'checkout' };
const longAgo = '2024-05-20T18:00:00Z';
const call = { host: 'checkout.example.com' };

scenario(
  {
    id: 'status/observed-generation',
    title:
      'Every edit moves observedGeneration; lastTransitionTime moves only when a condition flips, one way or the other',
    support: 'core',
    clauses: [
      'status-observedgeneration-current',
      'status-observedgeneration-nonzero',
      'status-unchanged-verdict-still-bumped',
      'status-lasttransitiontime-stable',
      'status-lasttransitiontime-on-flip',
      'status-lasttransitiontime-set',
      'status-one-condition-per-type',
      'status-accepted-true-reason',
      'status-resolvedrefs-true-reason',
      'status-resolvedrefs-present',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const conditions = async (): Promise<ConditionStatus[]> => {
      const [entry] = entriesOf(await t.get<Route>(ref), t.controllerName);
      return entry?.conditions ?? [];
    };
    const time = async (type: string): Promise<string> =>
      conditionOf(await conditions(), type)?.lastTransitionTime ?? '';
    const pointTo = (name: string, of: Partial<BackendRef> = { port: 9000 }) =>
      t.update<Route>(ref, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, ...of }];
      });

    await t.apply();
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'True',
      reason: 'ResolvedRefs',
    });
    const written = await time('Accepted');
    await t.check(
      'lastTransitionTime is a real time',
      () => {
        expect(Date.parse(written)).to.be.greaterThan(Date.parse('2020-01-01T00:00:00Z'));
      },
      'status',
    );

    // The field usually counts whole seconds, so a time rewritten within the same second would go unnoticed: make it an old one. A controller
    // may put back the one that it has written itself, which must not be that of the edit.
    const old = [0, 1].map((index) => ({
      op: 'replace',
      path: `/status/parents/0/conditions/${index}/lastTransitionTime`,
      value: longAgo,
    }));
    await laterSecond(t);
    await patchStatus(t, { kind: 'GRPCRoute', name: 'checkout' }, old);
    const updated = await pointTo('v2');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'v2' });
    await t.check(
      'the edit changed no verdict: the generation moved, the times did not',
      async () => {
        for (const condition of await conditions()) {
          expect(condition.observedGeneration).to.equal(updated.metadata?.generation);
          expect(condition.lastTransitionTime).to.be.oneOf([longAgo, written]);
        }
      },
      'status',
    );
    const before = await time('Accepted');

    await pointTo('ghost');
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust(call, unserved);
    await t.check(
      'ResolvedRefs flipped at a new time, Accepted did not, and each type appears once',
      async () => {
        expect(await time('ResolvedRefs')).not.to.equal(longAgo);
        expect(await time('Accepted')).to.equal(before);
        const types = (await conditions()).map((condition) => condition.type);
        expect(types).to.have.lengthOf(new Set(types).size);
      },
      'status',
    );

    // The same verdict again, about another Service and another generation.
    const flipped = await time('ResolvedRefs');
    await laterSecond(t);
    await pointTo('another-ghost');
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.check(
      'it is False since it was, whatever the message tells',
      async () => expect(await time('ResolvedRefs')).to.equal(flipped),
      'status',
    );
    await pointTo('v1', { group: 'example.org', kind: 'Oddity' });
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidKind',
    });
    await t.check(
      'and whatever the reason is',
      async () => expect(await time('ResolvedRefs')).to.equal(flipped),
      'status',
    );

    await pointTo('v1');
    await t.routeMustHaveCondition('checkout', { type: 'ResolvedRefs', status: 'True' });
    await t.callMust(call, { backend: 'v1' });
    await t.check(
      'ResolvedRefs flipped back at a later time, and Accepted did not',
      async () => {
        expect(Date.parse(await time('ResolvedRefs'))).to.be.greaterThan(Date.parse(flipped));
        expect(await time('Accepted')).to.equal(before);
      },
      'status',
    );
  },
);
