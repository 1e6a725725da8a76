import { scenario } from '../../harness/index.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'rank.example.com';
const metadata = { a: '1', b: '2', c: '3' };

scenario(
  {
    id: 'precedence/service-before-headers',
    title: 'A match on the service beats any number of header matches',
    support: 'core',
    clauses: ['precedence-service-longest', 'precedence-not-listing-order'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('headers-first');

    await t.callMust({ host, metadata, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata, method: probeTwo }, { backend: 'v1' });
  },
);
