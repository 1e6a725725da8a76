import { scenario } from '../../harness/index.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/single',
    title: 'The only backend gets every call, whatever its weight',
    support: 'core',
    clauses: ['weight-single-backend-all'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('only-backend');

    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 50);
  },
);
