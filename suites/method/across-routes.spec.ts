import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, probe } from '../methods.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/across-routes',
    title: 'Three routes for one host are combined, each with its own methods',
    support: 'core',
    clauses: ['grpcroute-multiple-routes-share-listener', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2', 'v3'],
    guards: ['istio/istio#61191'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('echo-route');
    await t.routeMustBeAccepted('echo-two-route');
    await t.routeMustBeAccepted('probe-route');
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMust({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMust({ host, method: probe }, { backend: 'v3' });

    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: guideEcho }, refused, 3);
  },
);
