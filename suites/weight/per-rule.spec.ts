import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/per-rule',
    title: 'Each rule has its own split, and only the ratio of its weights counts',
    support: 'core',
    clauses: ['weight-per-rule', 'weight-not-a-percentage', 'weight-proportional'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('two-splits');
    await t.callMust({ host, method: probe }, { backend: ['v1', 'v2'] });
    await t.callMust({ host, method: echo }, { backend: ['v1', 'v2'] });

    const small = await t.distribution({ host, method: probe }, sampleSize);
    await sharesMustBe(t, small, { v1: 0.25, v2: 0.75 });
    const large = await t.distribution({ host, method: echo }, sampleSize);
    await sharesMustBe(t, large, { v1: 0.75, v2: 0.25 });
  },
);
