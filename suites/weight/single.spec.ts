import { scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/single',
    title: 'The only backend that has a weight gets every call, be it the last of sixteen',
    support: 'core',
    clauses: ['weight-single-backend-all'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('only-backend');

    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 50);
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
  },
);
