import { scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';
import { currentConditions } from '../optional-support.ts';

const host = 'filter.example.com';
const ref = { kind: 'GRPCRoute', name: 'names-another-host' };

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
    const route = await t.until(
      ref,
      'an Accepted condition at the current generation',
      (object) => currentConditions(t, object).some(({ type }) => type === 'Accepted'),
      'status',
    );
    const isDeclined = currentConditions(t, route).some(
      ({ type, status }) =>
        (type === 'Accepted' && status !== 'True') || (type === 'PartiallyInvalid' && status === 'True'),
    );
    if (isDeclined) {
      t.note('a filter that sets Host is not supported, and the route says so');
      return;
    }
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    const { record } = await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' }, 3);
    // HTTP/2 has :authority in place of Host, and whether the one is the other here the spec does not say.
    t.note(`The backend saw :authority ${record.backend?.authority ?? 'of nobody'}.`);
  },
);
