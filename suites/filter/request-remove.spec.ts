import { expect, scenario } from '../../harness/index.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/request-remove',
    title:
      'A removed header never reaches the backend, whatever the case of its name, and whatever else the header is for',
    support: 'core',
    clauses: ['filter-request-header-remove', 'filter-request-header-remove-case-insensitive'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('removes-headers');

    const metadata = {
      'x-a': ['one', 'two'],
      'x-secret': 'value',
      'x-ab': 'kept',
      authorization: 'Bearer of-good-news',
      cookie: 'a=b',
    };
    const { received } = await t.callMust({ host, metadata }, { backend: 'v1' });
    await t.check(
      'they are gone, a header with a longer name stays',
      () => {
        for (const name of ['x-a', 'x-secret', 'authorization', 'cookie'])
          expect(received.has(name), name).to.equal(false);
        expect(received.get('x-ab')).to.deep.equal(['kept']);
      },
      'routed',
    );
  },
);
