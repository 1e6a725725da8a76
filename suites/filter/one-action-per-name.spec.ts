import { scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';

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
    await t.until(
      { kind: 'GRPCRoute', name: 'sets-and-removes' },
      'Accepted=False or PartiallyInvalid=True',
      (route) =>
        currentConditions(t, route).some(
          ({ type, status }) =>
            (type === 'Accepted' && status === 'False') || (type === 'PartiallyInvalid' && status === 'True'),
        ),
      'status',
    );
  },
);
