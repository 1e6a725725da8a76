import { scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { echo, probe, probeTwo } from '../methods.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/per-rule',
    title:
      'Each rule has its own split, for all of its matches and hosts, and only the ratio of its weights counts, however many endpoints its backends have',
    support: 'core',
    clauses: [
      'weight-per-rule',
      'weight-not-a-percentage',
      'weight-proportional',
      'match-any-of-matches',
      'hostname-entries-ored',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await pointTo(t, 'pool', 'v1', 'v2', 'v3');
    await t.apply();
    await t.routeMustBeAccepted('two-splits');
    await t.callMust({ host, method: probe }, { backend: ['v1', 'v2'] });
    await t.callMust({ host, method: echo }, { backend: ['v1', 'v2'] });

    // One rule by its first match on the first host, then by its second; the other one on the second host.
    const small = await t.distribution({ host, method: probe }, sampleSize);
    await sharesMustBe(t, small, { v1: 0.25, v2: 0.75 });
    const stream = 'routeproof.v1.Probe/ServerStream';
    await t.callMust({ host, method: stream }, { backend: ['v1', 'v2'] });
    await sharesMustBe(t, await t.distribution({ host, method: stream }, sampleSize), { v1: 0.25, v2: 0.75 });
    await t.callMust({ host: 'second.example.com', method: echo }, { backend: ['v1', 'v2'] });
    const large = await t.distribution({ host: 'second.example.com', method: echo }, sampleSize);
    await sharesMustBe(t, large, { v1: 0.75, v2: 0.25 });

    const even = { host, method: probeTwo };
    await t.callMust(even, { backend: ['v1', 'v2', 'v3', 'v4'] });
    await t.barrier();
    const byEndpoint = await t.distribution(even, sampleSize);
    const counts = new Map<string, number>();
    for (const [backend, count] of byEndpoint) {
      const name = backend === 'v4' || backend === '' ? backend : 'the pool of three endpoints';
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
    await sharesMustBe(t, counts, { 'the pool of three endpoints': 0.5, v4: 0.5 });
  },
);
