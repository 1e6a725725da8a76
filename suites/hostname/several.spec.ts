import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/several',
    title: 'A route with several hostnames serves each of them',
    support: 'core',
    clauses: ['hostname-entries-ored'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('several-hosts');

    for (const host of ['a.example.com', 'b.example.com', 'x.wild.example.com']) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    await t.callMustAlways({ host: 'c.example.com' }, refused, 3);
  },
);
