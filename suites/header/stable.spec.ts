import { scenario } from '../../harness/index.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/stable',
    title: 'A header decides for every single call, not only for most, and for the first one of a connection',
    support: 'core',
    clauses: ['header-exact-value', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2'],
    guards: ['istio/istio#57772'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('canary-and-default');
    await t.callMust({ host, metadata: { env: 'canary' } }, { backend: 'v2' });
    await t.callMust({ host }, { backend: 'v1' });

    // A gateway that falls back to the other rule once in 50 calls gets through 2 x 150 calls with probability 0.98^300 = 0.2 %.
    await t.callMustAlways({ host, metadata: { env: 'canary' } }, { backend: 'v2' }, 150);
    await t.callMustAlways({ host, metadata: { env: 'stable' } }, { backend: 'v1' }, 150);

    // Nobody waits here until a connection is fit for use.
    for (const connection of ['first', 'second', 'third']) {
      const call = { host, metadata: { env: 'canary' }, connection };
      await t.callMustAlways(call, { backend: 'v2' }, 1);
    }
  },
);
