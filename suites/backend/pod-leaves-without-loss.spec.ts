import { expect, scenario } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const call = { host: 'pool.example.com' };
/** Of each call, so that the stream takes seconds without taking the CPU. */
const delayMs = 50;

scenario(
  {
    id: 'backend/pod-leaves-without-loss',
    title:
      'A pod that is deleted beside one that stays, and goes on answering for ten seconds more, takes no call with it',
    support: 'core',
    clauses: ['grpcroute-change-without-loss'],
    guards: ['nginx/nginx-gateway-fabric#5330', 'envoyproxy/gateway#6198', 'envoyproxy/gateway#3740'],
    takesMs: 12_000,
  },
  async (t) => {
    await t.apply();
    await deploymentsMustBeAvailable(t, 'pool');
    await t.routeMustBeAccepted('pool');
    const { backend: leaving = '' } = await t.callMust(call, {
      also: ({ backend }) => expect(backend).to.match(/^pool-/),
    });

    const calls = steadyCalls(t, { ...call, message: { behaviour: { delayMs } } });
    await t.remove({ kind: 'Pod', name: leaving });
    // Where it is still called, some of the calls may be tried again at another pod.
    const afterwards = await t.callMustAlways(call, {}, 50);
    const results = await calls.stop();
    await t.check(
      'every call was answered, and those after the end of the pod by others',
      () => {
        expect(lost(results)).to.deep.equal([]);
        expect(afterwards.map(({ backend }) => backend)).not.to.include(leaving);
      },
      'routed',
    );
  },
);
