import { expect, scenario } from '../../harness/index.ts';
import { routeMustBeDeclined } from '../optional-support.ts';
import type { Route } from '../shapes.ts';

scenario(
  {
    id: 'filter/one-action-per-name',
    title: 'A filter that both sets and removes one header is refused, visibly, until it is corrected',
    support: 'core',
    clauses: ['filter-header-one-action-per-name', 'grpcroute-update-takes-effect'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await routeMustBeDeclined(t, 'sets-and-removes');

    const set = [{ name: 'x-a', value: 'new' }];
    await t.update<Route>({ kind: 'GRPCRoute', name: 'sets-and-removes' }, ({ spec }) => {
      const filter: object = { type: 'RequestHeaderModifier', requestHeaderModifier: { set } };
      for (const rule of spec.rules ?? []) rule.filters = [filter as { type: string }];
    });
    await t.routeMustBeAccepted('sets-and-removes');
    await t.callMust(
      { host: 'filter.example.com' },
      { backend: 'v1', also: ({ received }) => expect(received.get('x-a')).to.deep.equal(['new']) },
    );
  },
);
