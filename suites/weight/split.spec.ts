import { scenario } from '../../harness/index.ts';
import { largeSampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/split',
    title: 'Calls are split 69 to 30 to 1, and weight 0 gets none',
    support: 'core',
    clauses: ['weight-proportional', 'weight-zero-no-traffic', 'weight-profile-kgateway-split'],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('unequal');
    await t.callMust({ host }, { backend: ['v1', 'v2', 'v4'] });

    const shares = { v1: 0.69, v2: 0.3, v3: 0, v4: 0.01 };
    await sharesMustBe(t, await t.distribution({ host }, largeSampleSize), shares);
  },
);
