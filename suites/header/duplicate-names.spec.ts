import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/duplicate-names',
    title:
      'Of two header matches whose names differ in case only, the first counts, and the other gives no rank either',
    support: 'core',
    clauses: ['header-duplicate-first-wins', 'header-duplicate-not-anded', 'header-duplicate-no-rank'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('same-name-twice');

    await t.callMust({ host, metadata: { foo: 'a' } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { foo: 'b' } }, refused, 3);
    await t.callMustAlways({ host }, refused, 3);
    // Both of its rules ask for the same, and the first goes first.
    await t.implied(['header-duplicate-no-rank'], async () => {
      await t.callMustAlways({ host, metadata: { bar: 'a' } }, { backend: 'v1' }, 3);
    });
  },
);
