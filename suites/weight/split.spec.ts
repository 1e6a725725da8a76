import { scenario } from '../../harness/index.ts';
import { largeSampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/split',
    title: 'Calls are split 70 to 30, and weight 0 gets none',
    support: 'core',
    clauses: ['weight-proportional', 'weight-zero-no-traffic', 'weight-profile-kgateway-split'],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('seventy-thirty');
    await t.callMust({ host }, { backend: ['v1', 'v2'] });

    await sharesMustBe(t, await t.distribution({ host }, largeSampleSize), { v1: 0.7, v2: 0.3, v3: 0 });
  },
);
