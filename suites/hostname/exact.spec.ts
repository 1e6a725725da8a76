import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/exact',
    title: 'A route serves exactly the host it names and no other',
    support: 'core',
    clauses: [
      'hostname-listener-unset-uses-route',
      'grpcroute-unmatched-authority-unimplemented',
      'grpcroute-http-h2c-prior-knowledge',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('exact-host');
    await t.callMust({ host: 'a.example.com' }, { backend: 'v1' });

    for (const host of [
      'b.example.com',
      'x.a.example.com',
      'aa.example.com',
      'example.com',
      'a.example.net',
    ]) {
      await t.callMustAlways({ host }, refused, 3);
    }
  },
);
