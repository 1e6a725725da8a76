import { scenario } from '../../harness/index.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/stable',
    title: 'A header decides for every single call, not only for most',
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
  },
);
