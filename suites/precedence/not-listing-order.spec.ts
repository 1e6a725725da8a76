import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/not-listing-order',
    title: 'The more specific rule wins, however late it is listed, over TLS as well',
    support: 'core',
    clauses: ['precedence-not-listing-order', 'precedence-service-longest', 'precedence-method-longest'],
    backends: ['v1', 'v2', 'v3', 'v4'],
    guards: ['envoyproxy/gateway#5736'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('least-specific-first');
    await t.callMust({ host, method: probe, metadata: { env: 'canary' } }, { backend: 'v4' });

    await t.callMustAlways({ host, method: probe }, { backend: 'v3' });
    await t.callMustAlways({ host, method: 'routeproof.v1.Probe/ServerStream' }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });

    await t.callMust({ host, method: probe, metadata: { env: 'canary' }, tls: true }, { backend: 'v4' });
    await t.callMustAlways({ host, method: probe, tls: true }, { backend: 'v3' }, 3);
  },
);
