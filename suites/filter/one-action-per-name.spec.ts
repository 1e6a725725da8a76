import { scenario } from '../../harness/index.ts';
import { routeMustBeDeclined } from '../optional-support.ts';

scenario(
  {
    id: 'filter/one-action-per-name',
    title: 'A filter that both sets and removes one header is refused, visibly',
    support: 'core',
    clauses: ['filter-header-one-action-per-name'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await routeMustBeDeclined(t, 'sets-and-removes');
  },
);
