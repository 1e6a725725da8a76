import type { KubernetesObject } from '../../harness/index.ts';
import { expect, scenario } from '../../harness/index.ts';

interface Deployment extends KubernetesObject {
  spec: { replicas: number };
}

const call = { host: 'checkout.example.com' };
const answered = {
  also: (result: { backend: string | undefined }) => expect(result.backend).to.match(/^shop-/),
};

scenario(
  {
    id: 'backend/pods',
    title: 'Calls follow the pods of a Deployment: a pod is replaced, scaled to zero and back',
    support: 'core',
    clauses: [
      'backend-endpoints-follow',
      'backend-no-endpoints-unavailable',
      'backend-no-endpoints-refs-resolved',
    ],
    guards: ['envoyproxy/gateway#4685'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    const first = await t.callMust(call, answered);

    await t.remove({ kind: 'Pod', name: first.backend ?? '' });
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
