import { scenario } from '../../harness/index.ts';

const metadata = { env: 'canary', tier: 'gold' };

scenario(
  {
    id: 'precedence/hostname-before-service',
    title: 'The host decides before service, method and headers do',
    support: 'core',
    clauses: ['precedence-hostname-before-service'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('precise-host-any-call');
    await t.routeMustBeAccepted('wildcard-host-exact-call');
    await t.callMust({ host: 'b.rank.example.com', metadata }, { backend: 'v2' });

    await t.callMust({ host: 'a.rank.example.com', metadata }, { backend: 'v1' });
    await t.callMustAlways({ host: 'a.rank.example.com', metadata }, { backend: 'v1' });
  },
);
