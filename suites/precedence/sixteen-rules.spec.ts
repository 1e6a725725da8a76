import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/sixteen-rules',
    title:
      'The most specific rule wins even as the last of sixteen, and of two equals the one that is listed first',
    support: 'core',
    clauses: ['precedence-not-listing-order', 'precedence-method-longest', 'precedence-first-rule-in-route'],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sixteen-rules');

    await t.callMust({ host, method: probe, metadata: { 'unused-1': 'x' } }, { backend: 'v4' });
    await t.callMustAlways({ host, method: 'routeproof.v1.Probe/ServerStream' }, { backend: 'v3' });
    await t.callMustAlways({ host, method: echo, metadata: { 'unused-13': 'x' } }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo, metadata: { 'unused-2': 'x' } }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });
  },
);
