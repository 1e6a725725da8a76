import { expect, scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const ref = { kind: 'GRPCRoute', name: 'turning' };
const plain = { host: 'turning.example.com' };
const gold = { ...plain, metadata: { tenant: 'gold' } };

scenario(
  {
    id: 'status/turned-invalid',
    title: 'A rule that turns invalid is dropped or stays as it was, and the route says which of the two',
    support: 'core',
    clauses: [
      'status-partiallyinvalid-set',
      'status-partiallyinvalid-dropped-rule',
      'status-partiallyinvalid-fall-back',
      'status-partiallyinvalid-cleared',
      'listener-invalid-rule-dropped',
    ],
    guards: ['envoyproxy/gateway#6874'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('turning');
    await t.callMust(gold, { backend: 'v2' });
    const before = (await t.get<Route>(ref)).metadata?.generation;
    await t.update<Route>(ref, ({ spec }) => {
      for (const header of spec.rules?.[0]?.matches?.[0]?.headers ?? [])
        Object.assign(header, { type: 'RegularExpression', value: 'gold(' });
    });
    const route = await t.until<Route>(
      ref,
      'PartiallyInvalid=True at the current generation',
      (object) => conditionOf(currentConditions(t, object), 'PartiallyInvalid')?.status === 'True',
      'status',
    );
    const conditions = entriesOf(route, t.controllerName)[0]?.conditions;
    const message = conditionOf(conditions, 'PartiallyInvalid')?.message ?? '';
    await t.check(
      'the message begins with Dropped Rule or Fall Back',
      () => expect(message).to.match(/^(Dropped Rule|Fall Back)/),
      'status',
    );
    await t.callMust(plain, { backend: 'v1' });
    if (message.startsWith('Fall Back')) {
      t.note('the earlier rules are kept');
      await t.check(
        'Accepted stays at the generation that is served',
        () => expect(conditionOf(conditions, 'Accepted')?.observedGeneration).to.equal(before),
        'status',
      );
      await t.callMustAlways(gold, { backend: 'v2' });
    } else await t.callMust(gold, { backend: 'v1' });

    await t.update<Route>(ref, ({ spec }) => {
      for (const header of spec.rules?.[0]?.matches?.[0]?.headers ?? [])
        Object.assign(header, { type: 'Exact', value: 'gold' });
    });
    await t.routeMustBeAccepted('turning');
    await t.callMust(gold, { backend: 'v2' });
    await t.check(
      'PartiallyInvalid is gone',
      async () => {
        const [entry] = entriesOf(await t.get<Route>(ref), t.controllerName);
        expect(conditionOf(entry?.conditions, 'PartiallyInvalid')).to.equal(undefined);
      },
      'status',
    );
  },
);
