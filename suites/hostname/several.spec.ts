import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Route } from '../shapes.ts';

scenario(
  {
    id: 'hostname/several',
    title: 'A route with sixteen hostnames serves each of them, and one that it loses no more',
    support: 'core',
    clauses: ['hostname-entries-ored', 'grpcroute-update-takes-effect'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('several-hosts');

    for (const host of ['a.example.com', 'b.example.com', 'x.wild.example.com', 'p.example.com']) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    await t.callMustAlways({ host: 'c.example.com' }, refused, 3);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'several-hosts' }, ({ spec }) => {
      spec.hostnames = [t.host('a.example.com'), t.host('c.example.com')];
    });
    await t.callMust({ host: 'c.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'b.example.com' }, refused);
    await t.callMustAlways({ host: 'a.example.com' }, { backend: 'v1' }, 3);
  },
);
