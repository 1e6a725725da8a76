import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/all-three',
    title: 'One filter may set, add and remove different headers, and set as many as sixteen',
    support: 'core',
    clauses: ['filter-request-header-set', 'filter-request-header-add', 'filter-request-header-remove'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sets-adds-removes');

    const metadata = { 'x-set': 'caller', 'x-add': 'caller', 'x-remove': 'caller', 'x-other': 'caller' };
    const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
    await t.check(
      'each header has had its own treatment',
      () => {
        expect(valuesOf(received, 'x-set')).to.deep.equal(['gateway']);
        for (let other = 2; other <= 16; other += 1)
          expect(valuesOf(received, `x-set-${String(other)}`), `x-set-${String(other)}`).to.deep.equal([
            'gateway',
          ]);
        expect(valuesOf(received, 'x-add')).to.deep.equal(['caller', 'gateway']);
        expect(valuesOf(received, 'x-remove')).to.deep.equal([]);
        expect(valuesOf(received, 'x-other')).to.deep.equal(['caller']);
      },
      'routed',
    );
  },
);
