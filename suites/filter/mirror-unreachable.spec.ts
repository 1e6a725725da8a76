import { scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/mirror-unreachable',
    title: 'A mirror that cannot be reached does not disturb the call',
    support: 'extended',
    clauses: ['filter-mirror-response-ignored'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-to-nobody', 'RequestMirror'))) return;

    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 20);
  },
);
