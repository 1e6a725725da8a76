import { scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';
import { largeSampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/split',
    title: 'Calls are split 69 to 30 to 1, weight 0 gets none, and one in a million next to none',
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

    // Of whole percents the smallest is one: of so many calls that would be 18.
    const uneven = { host, method: probeTwo };
    await t.callMust(uneven, { backend: 'v1' });
    const nearlyAll = { v1: 0.999999, v2: 0.000001 };
    await sharesMustBe(t, await t.distribution(uneven, largeSampleSize), nearlyAll);
  },
);
