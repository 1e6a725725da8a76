import { scenario } from '../../harness/index.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';
const method = 'routeproof.v1.Probe/ServerStream';
/** Enough to see that both have their share of a kind of streams. */
const fewCalls = 100;

scenario(
  {
    id: 'weight/streams',
    title: 'Streaming calls of each kind are split by weight as unary calls are',
    support: 'core',
    clauses: ['weight-proportional', 'weight-calls-not-connections'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('split-streams');
    await t.callMust({ host, method }, { backend: ['v1', 'v2'] });

    await sharesMustBe(t, await t.distribution({ host, method }, sampleSize), { v1: 0.5, v2: 0.5 });
    for (const kind of ['ClientStream', 'BidiStream']) {
      const call = { host, method: `routeproof.v1.Probe/${kind}` };
      await sharesMustBe(t, await t.distribution(call, fewCalls), { v1: 0.5, v2: 0.5 });
    }
  },
);
