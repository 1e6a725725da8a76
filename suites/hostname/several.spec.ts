import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Route } from '../shapes.ts';

/** As long as three labels can be; internationalised; beginning with a digit; named twice by its route. */
const unusual = [
  `one-${'o'.repeat(59)}.two-${'w'.repeat(59)}.three-${'e'.repeat(57)}.example.com`,
  'xn--bcher-kva.example.com',
  '7.example.com',
  'twice.example.com',
];

scenario(
  {
    id: 'hostname/several',
    title:
      'A route with sixteen hostnames serves each of them, however they are spelled, and one that it loses no more',
    support: 'core',
    clauses: ['hostname-entries-ored', 'grpcroute-update-takes-effect'],
    backends: ['v1', 'v2'],
    guards: ['istio/istio#13940'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('several-hosts');

    for (const host of [
      'a.example.com',
      'b.example.com',
      'x.wild.example.com',
      'x.other.example.com',
      'p.example.com',
    ]) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    await t.callMustAlways({ host: 'c.example.com' }, refused, 3);
    await t.routeMustBeAccepted('unusual-hosts');
    for (const host of unusual) await t.callMust({ host }, { backend: 'v2' });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'several-hosts' }, ({ spec }) => {
      spec.hostnames = [t.host('a.example.com'), t.host('c.example.com'), `*.${t.host('late.example.com')}`];
    });
    await t.callMust({ host: 'x.late.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'c.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'b.example.com' }, refused);
    await t.callMustAlways({ host: 'a.example.com' }, { backend: 'v1' }, 3);
  },
);
