import { scenario } from '../../harness/index.ts';

const host = 'rank.example.com';
const metadata = { a: '1', b: '2', c: '3' };

scenario(
  {
    id: 'precedence/method-before-headers',
    title: 'A match on the method beats any number of header matches',
    support: 'core',
    clauses: ['precedence-method-before-headers'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('headers-first');

    await t.callMust({ host, metadata }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata, method: 'routeproof.v1.Probe/ServerStream' }, { backend: 'v1' });
  },
);
