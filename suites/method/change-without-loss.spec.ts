import { expect, scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/change-without-loss',
    title: 'No call fails while its route changes backends',
    support: 'core',
    clauses: ['grpcroute-change-without-loss', 'grpcroute-update-takes-effect'],
    backends: ['v1', 'v2'],
    guards: ['envoyproxy/gateway#6287', 'projectcontour/contour#2151'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('busy');
    await t.callMust({ host }, { backend: 'v1' });

    const calls = steadyCalls(t, { host });
    for (const backend of ['v2', 'v1', 'v2', 'v1', 'v2']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'busy' }, (route) => {
        route.spec.rules = [{ backendRefs: [{ name: backend, port: 9000 }] }];
      });
      await t.callMust({ host }, { backend });
    }
    const results = await calls.stop();
    await t.check('every call during the changes was answered', () => {
      expect(lost(results)).to.deep.equal([]);
    });
  },
);
