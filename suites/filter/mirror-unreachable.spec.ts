import { scenario } from '../../harness/index.ts';
import { pointTo, type EndpointSlice } from '../endpoint-slices.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';
/** For documentation (RFC 5737): nobody has it, and packets to it are lost. */
const nobodys = '192.0.2.1';
const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };

scenario(
  {
    id: 'filter/mirror-unreachable',
    title: 'A mirror that cannot be reached, or never answers, does not disturb the call',
    support: 'extended',
    clauses: ['filter-mirror-response-ignored'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-to-nobody', 'RequestMirror'))) return;

    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 20);

    await pointTo(t, 'nobody', 'v1');
    await t.update<EndpointSlice>({ ...slice, name: 'nobody' }, ({ endpoints }) => {
      for (const endpoint of endpoints) endpoint.addresses = [nobodys];
    });
    await t.barrier();
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 20);
  },
);
