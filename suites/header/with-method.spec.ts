import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { probe, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';

const host = 'header.example.com';
const canary = { env: 'canary' };

scenario(
  {
    id: 'header/with-method',
    title: 'A match with a method and a header needs both, until the header is taken out of it',
    support: 'core',
    clauses: [
      'match-all-of-conditions',
      'match-headers-omitted-any-metadata',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('method-and-header');
    await t.callMust({ host, method: probe, metadata: canary }, { backend: 'v1' });

    await t.callMustAlways({ host, method: probe }, refused, 3);
    await t.callMustAlways({ host, method: probe, metadata: { env: 'stable' } }, refused, 3);
    await t.callMustAlways({ host, method: probeTwo, metadata: canary }, refused, 3);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'method-and-header' }, ({ spec }) => {
      for (const match of spec.rules?.[0]?.matches ?? []) delete match.headers;
    });
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probe, metadata: { env: 'stable' } }, { backend: 'v1' }, 3);
    await t.callMustAlways({ host, method: probeTwo, metadata: canary }, refused, 3);
  },
);
