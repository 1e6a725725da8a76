import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';
/** Of sixteen headers, those whose names are numbered. */
const others = Array.from({ length: 15 }, (_, index) => String(index + 2));

scenario(
  {
    id: 'filter/all-three',
    title: 'One filter may set, add and remove different headers, and as many as sixteen of each',
    support: 'core',
    clauses: ['filter-request-header-set', 'filter-request-header-add', 'filter-request-header-remove'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sets-adds-removes');

    const metadata: Record<string, string> = {
      'x-set': 'caller',
      'x-add': 'caller',
      'x-remove': 'caller',
      'x-other': 'caller',
    };
    for (const other of others) metadata[`x-remove-${other}`] = 'caller';
    const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
    await t.check(
      'each header has had its own treatment',
      () => {
        expect(valuesOf(received, 'x-set')).to.deep.equal(['gateway']);
        for (const other of others) {
          for (const action of ['set', 'add'])
            expect(valuesOf(received, `x-${action}-${other}`), `${action} ${other}`).to.deep.equal([
              'gateway',
            ]);
          expect(valuesOf(received, `x-remove-${other}`), `remove ${other}`).to.deep.equal([]);
        }
        expect(valuesOf(received, 'x-add')).to.deep.equal(['caller', 'gateway']);
        expect(valuesOf(received, 'x-remove')).to.deep.equal([]);
        expect(valuesOf(received, 'x-other')).to.deep.equal(['caller']);
      },
      'routed',
    );
  },
);
