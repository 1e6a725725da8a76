import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'header.example.com';
const label = 'a'.repeat(63);

scenario(
  {
    id: 'header/regex-bounded',
    title: 'A pattern for DNS names, with repeats of a bounded length, matches what it says',
    support: 'implementation-specific',
    clauses: ['header-regex-value'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'labels', 'a header match by regular expression'))) return;
    await t.callMust({ host, metadata: { tenant: `${label}.example` } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { tenant: `${label}a.example` } }, refused, 3);
    await t.callMustAlways({ host, metadata: { tenant: 'Example' } }, refused, 3);
  },
);
