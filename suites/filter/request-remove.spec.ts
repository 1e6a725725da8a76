import { expect, scenario } from '../../harness/index.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/request-remove',
    title: 'A removed header never reaches the backend, whatever the case of its name',
    support: 'core',
    clauses: ['filter-request-header-remove', 'filter-request-header-remove-case-insensitive'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('removes-headers');

    const metadata = { 'x-a': ['one', 'two'], 'x-secret': 'value', 'x-ab': 'kept' };
    const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
    await t.check(
      'both are gone, a header with a longer name stays',
      () => {
        expect(received.has('x-a')).to.equal(false);
        expect(received.has('x-secret')).to.equal(false);
        expect(received.get('x-ab')).to.deep.equal(['kept']);
      },
      'routed',
    );
  },
);
