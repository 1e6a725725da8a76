import { scenario } from '../../harness/index.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/invalid-at-zero',
    title: 'A missing backend at weight 0 costs no call, though the status shows it',
    support: 'core',
    clauses: ['weight-zero-invalid-harmless'],
    backends: ['v1'],
    guards: ['envoyproxy/gateway#7483'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('missing-at-zero', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 50);
  },
);
