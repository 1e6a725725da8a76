import { expect, scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/omitted',
    title: 'A backend without weight has weight 1',
    support: 'core',
    clauses: ['weight-omitted-is-one', 'weight-not-a-percentage'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('three-and-default');
    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'three-and-default' });
    await t.check('an omitted weight is stored as 1', () => {
      expect(route.spec.rules?.[0]?.backendRefs?.[1]).to.include({ name: 'v2', weight: 1 });
    });

    await t.callMust({ host }, { backend: ['v1', 'v2'] });
    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.75, v2: 0.25 });
  },
);
