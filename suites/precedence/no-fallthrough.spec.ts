import { scenario } from '../../harness/index.ts';
import { unavailable } from '../expected.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/no-fallthrough',
    title: 'A call whose rule has a broken backend fails; it is not handed to a less specific rule',
    support: 'core',
    clauses: ['grpcroute-no-fallthrough-on-error', 'backend-all-invalid-unavailable'],
    backends: ['v1', 'v2'],
    guards: ['envoyproxy/gateway#7483'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('broken-above-healthy', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.callMust({ host, method: echo }, { backend: 'v1' });

    await t.callMust({ host, method: probe }, unavailable);
    await t.callMustAlways({ host, method: probe }, unavailable);

    // What a backend answers is an answer, also where it could mean that it has no such method, or is not there.
    for (const statusCode of [5, 12, 14]) {
      const call = { host, method: probeTwo, message: { behaviour: { statusCode } } };
      await t.callMustAlways(call, { status: statusCode, backend: 'v2' }, 3);
    }
  },
);
