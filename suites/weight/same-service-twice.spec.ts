import { scenario } from '../../harness/index.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/same-service-twice',
    title: 'A Service named twice gets both of its weights',
    support: 'core',
    clauses: ['weight-same-service-twice', 'weight-proportional'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('twice-the-same');
    await t.callMust({ host }, { backend: ['v1', 'v2'] });

    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.5, v2: 0.5 });
  },
);
