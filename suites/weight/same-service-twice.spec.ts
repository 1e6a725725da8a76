import { scenario } from '../../harness/index.ts';
import { applySlice, pointTo } from '../endpoint-slices.ts';
import { unserved } from '../expected.ts';
import { echo, echoTwo, probeTwo } from '../methods.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/same-service-twice',
    title:
      'A Service named twice gets both of its weights; its namesake in another namespace, its other port, and another Service with the same pods have their own, also when that has been away',
    support: 'core',
    clauses: [
      'weight-same-service-twice',
      'weight-proportional',
      'backend-port-is-service-port',
      'backend-endpoints-follow',
    ],
    guards: ['Kong/kubernetes-ingress-controller#3860', 'Kong/kong-operator#4509', 'traefik/traefik#2986'],
    backends: ['v1', 'v2', 'abroad/v1'],
  },
  async (t) => {
    await t.apply();
    await applySlice(t, { name: 'one-port', service: 'two-ports', ports: { grpc: 9000 } }, 'v1');
    await applySlice(t, { name: 'other-port', service: 'two-ports', ports: { other: 9000 } }, 'v2');
    await pointTo(t, 'v1-too', 'v1');
    await t.routeMustBeAccepted('twice-the-same');
    await t.callMust({ host }, { backend: ['v1', 'v2'] });

    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.5, v2: 0.5 });

    for (const [method, other] of [
      [probeTwo, 'abroad/v1'],
      [echo, 'v2'],
    ] as const) {
      await t.callMust({ host, method }, { backend: ['v1', other] });
      await sharesMustBe(t, await t.distribution({ host, method }, 100), { v1: 0.5, [other]: 0.5 });
    }
    const samePods = { host, method: echoTwo };
    await t.callMust(samePods, { backend: ['v1', 'v2'] });
    const samePodsMustShare = async (): Promise<void> =>
      sharesMustBe(t, await t.distribution(samePods, sampleSize), { v1: 0.875, v2: 0.125 });
    await samePodsMustShare();
    await t.implied(['backend-endpoints-follow'], async () => {
      const alone = { host, method: 'routeproof.v1.Probe/ServerStream', metadata: { backend: 'v1-too' } };
      await t.callMust(alone, { backend: 'v1' });
      await pointTo(t, 'v1-too');
      await t.callMust(alone, unserved);
      await pointTo(t, 'v1-too', 'v1');
      await t.callMust(alone, { backend: 'v1' });
      await samePodsMustShare();
    });
  },
);
