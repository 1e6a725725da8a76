import { expect, scenario } from '../../harness/index.ts';
import { echo, probe, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'names.example.com';
const ref = { kind: 'GRPCRoute', name: 'named-rules' };

scenario(
  {
    id: 'method/rule-names',
    title:
      'A rule is routed alike with and without a name, under a new one, and beside its namesake in another route',
    support: 'extended',
    features: ['GRPCRouteNamedRouteRule'],
    clauses: ['name-accepted', 'name-optional', 'name-no-default', 'name-rename-allowed'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('named-rules');
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'v2' });
    await t.routeMustBeAccepted('same-names');
    await t.callMust({ host, method: echo }, { backend: 'v2' });
    const names = async (): Promise<unknown> => (await t.get<Route>(ref)).spec.rules?.map(({ name }) => name);
    await t.check(
      'no name is written into the rule that has none',
      async () => expect(await names()).to.deep.equal(['first', undefined]),
      'apply',
    );

    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);

    const calls = steadyCalls(t, { host, method: probe });
    await t.update<Route>(ref, ({ spec }) => {
      for (const rule of spec.rules ?? []) if (rule.name === 'first') rule.name = 'renamed';
    });
    await t.routeMustBeAccepted('named-rules');
    await t.barrier();
    const results = await calls.stop();
    await t.check(
      'calls go on while a rule is renamed',
      () => {
        expect(lost(results)).to.deep.equal([]);
        expect(new Set(results.map(({ backend }) => backend))).to.deep.equal(new Set(['v1']));
      },
      'routed',
    );
  },
);
