import { scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/host-header',
    title: 'A filter that sets Host is a filter like others, or its route says that it is not',
    support: 'core',
    clauses: ['filter-core-supported', 'filter-request-header-set', 'status-accepted-present'],
    backends: ['v1', 'v2'],
    guards: ['cilium/cilium#47633'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'names-another-host', 'A filter that sets Host'))) return;
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    const { record } = await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' }, 3);
    // HTTP/2 has :authority in place of Host, and whether the one is the other here the spec does not say.
    t.note(`The backend saw :authority ${record.backend?.authority ?? 'of nobody'}.`);
  },
);
