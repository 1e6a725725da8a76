import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/name-case',
    title: 'Header names match without regard to case, values do not',
    support: 'core',
    clauses: ['header-name-case-insensitive', 'header-exact-whole-value'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('capital-names');

    // HTTP/2 carries names in lower case only, so a match that compares bytes could never be met.
    await t.callMust({ host, metadata: { 'x-tenant': 'blue' } }, { backend: 'v1' });
    await t.callMust({ host, metadata: { testkey1: 'testValue1' } }, { backend: 'v2' });

    await t.callMustAlways({ host, metadata: { 'x-tenant': 'Blue' } }, refused, 3);
    await t.callMustAlways({ host, metadata: { testkey1: 'testvalue1' } }, refused, 3);
  },
);
