import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/wildcard',
    title:
      'A wildcard hostname covers names of any depth below it, but not the bare name, as long as its route is there',
    support: 'core',
    clauses: [
      'hostname-wildcard-route-suffix',
      'hostname-wildcard-multi-label',
      'hostname-wildcard-excludes-apex',
      'grpcroute-delete-stops-traffic',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('wildcard-host');

    for (const host of ['a.wild.example.com', 'b.a.wild.example.com', 'd.c.b.a.wild.example.com']) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    for (const host of ['wild.example.com', 'awild.example.com', 'a.tame.example.com']) {
      await t.callMustAlways({ host }, refused, 3);
    }
    await t.callMust({ host: 'a.wild.example.com', tls: true }, { backend: 'v1' });
    await t.callMustAlways({ host: 'wild.example.com', tls: true }, refused, 3);

    // No other route has that hostname.
    await t.remove({ kind: 'GRPCRoute', name: 'wildcard-host' });
    await t.callMust({ host: 'a.wild.example.com' }, refused);
  },
);
