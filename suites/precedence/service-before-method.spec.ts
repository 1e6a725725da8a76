import { scenario } from '../../harness/index.ts';
import { probe, probeTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/service-before-method',
    title: 'A match on the service beats a match on the method alone',
    support: 'implementation-specific',
    clauses: ['precedence-service-before-method'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'method-alone-first', 'a method match without service'))) return;

    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'v1' });
  },
);
