import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/equivalent-names',
    title: 'Of entries whose names differ in case only, the first counts',
    support: 'core',
    clauses: ['filter-header-equivalent-name-first'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('same-name-twice');

    const { received } = await t.callMust({ host }, { backend: 'v1' });
    await t.check(
      'the second entry has no effect',
      () => {
        expect(valuesOf(received, 'x-a')).to.deep.equal(['first']);
        expect(valuesOf(received, 'x-b')).to.deep.equal(['first']);
      },
      'routed',
    );
  },
);
