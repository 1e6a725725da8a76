import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, probe } from '../methods.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/removal',
    title: 'A deleted route stops serving, its neighbour goes on, and it can come back',
    support: 'core',
    clauses: ['grpcroute-delete-stops-traffic'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('removed');
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: echo }, { backend: 'v2' });

    await t.remove({ kind: 'GRPCRoute', name: 'removed' });
    await t.callMust({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: echo }, { backend: 'v2' });

    await t.apply();
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v2' }, 3);
  },
);
