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
      'A pod that is deleted beside one that stays gets no more calls while it still answers, and none is lost meanwhile',
    support: 'core',
    clauses: ['grpcroute-change-without-loss'],
    guards: ['nginx/nginx-gateway-fabric#5330', 'envoyproxy/gateway#6198', 'envoyproxy/gateway#3740'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply();
    await deploymentsMustBeAvailable(t, 'pool');
    await t.routeMustBeAccepted('pool');
    const { backend: leaving = '' } = await t.callMust(call, {
      also: ({ backend }) => expect(backend).to.match(/^pool-/),
    });

    const calls = steadyCalls(t, { ...call, message: { behaviour: { delayMs } } });
    const deleted = await t.kubectl(['delete', 'pod', leaving, '--wait=false']);
    await t.check('the pod is to end', () => expect(deleted.exitCode, deleted.stderr).to.equal(0), 'apply');
    await t.askUntil({
      what: `no call reaches ${leaving}, which is to end`,
      ask: () => t.distribution(call, 30),
      isSo: (answers) => !answers.has(leaving) && !answers.has(''),
      seen: (answers) => [...answers].map(([pod, count]) => `${pod || 'no pod'}: ${count}`).join(', '),
      layer: 'routed',
    });
    await t.callMustAlways({ direct: leaving }, { backend: leaving }, 1);
    const results = await calls.stop();
    await t.check('every call was answered', () => expect(lost(results)).to.deep.equal([]), 'routed');
  },
);
