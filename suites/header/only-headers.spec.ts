import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echoTwo, guideEcho, probe, probeTwo } from '../methods.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/only-headers',
    title: 'A match with headers alone holds for every service and method',
    support: 'core',
    clauses: ['match-method-omitted-any-method', 'grpcroute-unmatched-headers-unimplemented'],
    backends: ['v1'],
    guards: ['linkerd/linkerd2#14047'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('any-service');

    for (const method of [probe, probeTwo, echoTwo, guideEcho]) {
      await t.callMust({ host, method, metadata: { env: 'canary' } }, { backend: 'v1' });
      await t.callMustAlways({ host, method }, refused, 3);
    }
  },
);
