import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/all-of',
    title: 'All headers of one match must be there',
    support: 'core',
    clauses: ['match-all-of-headers', 'precedence-header-count'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('both-headers');
    await t.callMust({ host, metadata: { version: 'two', color: 'orange' } }, { backend: 'v1' });

    await t.callMust({ host, metadata: { version: 'two' } }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata: { version: 'two', color: 'blue' } }, { backend: 'v2' }, 3);
    await t.callMustAlways({ host, metadata: { version: 'one', color: 'orange' } }, refused, 3);
    await t.callMustAlways({ host, metadata: { color: 'orange' } }, refused, 3);
  },
);
