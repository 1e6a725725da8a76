import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/before-rules',
    title: 'Routes with the same rules but different hosts never take calls from each other',
    support: 'core',
    clauses: ['hostname-matched-before-rules', 'grpcroute-multiple-routes-share-listener'],
    backends: ['v1', 'v2'],
    guards: ['Kong/kong-operator#4621'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('host-a');
    await t.routeMustBeAccepted('host-b');
    await t.callMust({ host: 'a.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'b.example.com' }, { backend: 'v2' });

    await t.callMustAlways({ host: 'a.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'b.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'c.example.com' }, refused, 3);
  },
);
