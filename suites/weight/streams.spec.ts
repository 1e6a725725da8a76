import { scenario } from '../../harness/index.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';
const method = 'routeproof.v1.Probe/ServerStream';

scenario(
  {
    id: 'weight/streams',
    title: 'Streaming calls are split by weight as unary calls are',
    support: 'core',
    clauses: ['weight-proportional', 'weight-calls-not-connections'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('split-streams');
    await t.callMust({ host, method }, { backend: ['v1', 'v2'] });

    await sharesMustBe(t, await t.distribution({ host, method }, sampleSize), { v1: 0.5, v2: 0.5 });
  },
);
