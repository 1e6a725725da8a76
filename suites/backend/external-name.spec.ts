import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'alias.example.com';

scenario(
  {
    id: 'backend/external-name',
    title: 'A Service that is an alias of another name is not called, and harms no other rule',
    support: 'implementation-specific',
    clauses: ['backend-externalname-avoided', 'backend-invalid-other-rules-ok'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await pointTo(t, 'alias', 'v1');
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.barrier();
    const results = await Promise.all([1, 2, 3].map(() => t.call({ host, method: probe })));
    await t.check(
      'no call is passed on to the other name',
      () => {
        for (const { status, backend } of results) {
          expect(backend).to.equal(undefined);
          expect(status).not.to.equal(0);
        }
      },
      'backend',
    );
    t.note(`The spec names no status for it: here it is ${results[0]?.statusName ?? ''}.`);
  },
);
