import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';
const times = 10;

scenario(
  {
    id: 'filter/mirror-several',
    title: 'Two mirrors of one rule both get each call',
    support: 'extended',
    clauses: ['filter-mirror-repeatable', 'filter-mirror-copies-calls'],
    backends: ['v1', 'copy-a', 'copy-b'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-twice', 'a second RequestMirror'))) return;
    await t.callMust({ host }, { backend: 'v1' });

    const nonce = `${t.nonce}-both`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': nonce } }, { backend: 'v1' }, times);
    for (const mirror of ['copy-a', 'copy-b']) {
      const copies = await t.seenBy(mirror, nonce, { atLeast: times });
      await t.check(
        `${mirror} has each call once`,
        () => {
          expect(copies).to.have.length(times);
        },
        'routed',
      );
    }
  },
);
