import type { KubernetesObject } from '../../harness/index.ts';
import { expect, scenario } from '../../harness/index.ts';

interface Deployment extends KubernetesObject {
  spec: { replicas: number };
}

const call = { host: 'checkout.example.com' };
/** Longer than it takes to notice. */
const patienceMs = 10_000;
const answered = {
  also: (result: { backend: string | undefined }) => expect(result.backend).to.match(/^shop-/),
};

scenario(
  {
    id: 'backend/pods',
    title:
      'Calls follow the pods of a Deployment: a pod is replaced, scaled to zero and back, and what a pod leaves unanswered ends with an error',
    support: 'core',
    clauses: [
      'backend-endpoints-follow',
      'backend-no-endpoints-unavailable',
      'backend-no-endpoints-refs-resolved',
      'grpc-broken-call-fails',
    ],
    guards: ['envoyproxy/gateway#4685'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    const first = await t.callMust(call, answered);

    const stream = await t.openStream({ ...call, method: 'routeproof.v1.Probe/BidiStream' });
    const waiting = t.call({
      ...call,
      method: 'routeproof.v1.Probe/ServerStream',
      message: { behaviour: { delayMs: patienceMs } },
      deadlineMs: patienceMs,
    });
    await stream.echo('before');
    await t.remove({ kind: 'Pod', name: first.backend ?? '' });
    await t.implied(['grpc-broken-call-fails'], async () => {
      const broken = await stream.endOfBackend();
      const unanswered = await waiting;
      if (unanswered.statusName === 'DEADLINE_EXCEEDED')
        t.note('The call without an answer ended by its deadline.');
      await t.check(
        'neither the stream nor the call that had no answer yet ends as if all were well',
        () => {
          expect(broken.status).not.to.equal(0);
          expect(unanswered.status).not.to.equal(0);
        },
        'trailers',
      );
    });
    await t.implied(['backend-endpoints-follow'], async () => {
      const second = await t.callMust(call, {
        also: (result) => {
          answered.also(result);
          expect(result.backend).not.to.equal(first.backend);
        },
      });
      await t.callMustAlways(call, { backend: second.backend ?? '' });
    });

    const deployment = { kind: 'Deployment', apiVersion: 'apps/v1', name: 'shop' };
    await t.update<Deployment>(deployment, ({ spec }) => {
      spec.replicas = 0;
    });
    await t.callMust(call, { status: 'UNAVAILABLE', backend: null });
    await t.routeMustBeAccepted('checkout');

    await t.update<Deployment>(deployment, ({ spec }) => {
      spec.replicas = 1;
    });
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust(call, answered);
    });
  },
);
