import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/change',
    title: 'Traffic follows changed weights: all to one, half and half, all to the other',
    support: 'core',
    clauses: ['weight-change-applied', 'weight-zero-no-traffic'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const setWeights = async (...weights: number[]): Promise<void> => {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'shifting' }, (route) => {
        for (const [index, backendRef] of (route.spec.rules?.[0]?.backendRefs ?? []).entries()) {
          backendRef.weight = weights[index] ?? 0;
        }
      });
      await t.routeMustBeAccepted('shifting');
      await t.barrier();
    };
    await t.apply();
    await t.routeMustBeAccepted('shifting');
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 30);

    await setWeights(1, 1);
    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.5, v2: 0.5 });

    await setWeights(0, 100);
    await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' }, 50);
  },
);
