import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const good = { host: 'good.example.com' };

scenario(
  {
    id: 'status/bad-route-stops-nobody',
    title:
      'A route full of mistakes neither stops nor delays the updates of others, and is served once it is corrected',
    support: 'core',
    clauses: [
      'listener-invalid-rule-dropped',
      'grpcroute-multiple-routes-share-listener',
      'grpcroute-update-takes-effect',
    ],
    guards: [
      'envoyproxy/gateway#6874',
      'kgateway-dev/kgateway#11548',
      'kgateway-dev/kgateway#14264',
      'kubernetes-sigs/cloud-provider-kind#452',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('bad', { type: 'ResolvedRefs', status: 'False' });
    await t.routeMustBeAccepted('good');
    await t.callMust(good, { backend: 'v1' });

    for (const name of ['v2', 'v1', 'v2']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'good' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
      await t.callMust(good, { backend: name });
    }

    await t.update<Route>({ kind: 'GRPCRoute', name: 'bad' }, ({ spec }) => {
      spec.rules = [{ backendRefs: [{ name: 'v1', port: 9000 }] }];
    });
    await t.routeMustBeAccepted('bad');
    await t.callMust({ host: 'bad.example.com' }, { backend: 'v1' });
    await t.callMustAlways(good, { backend: 'v2' }, 3);
  },
);
