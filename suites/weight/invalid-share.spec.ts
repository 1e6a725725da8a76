import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { unavailable } from '../expected.ts';
import { echo, echoTwo, guideEcho, probe, probeTwo } from '../methods.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/invalid-share',
    title:
      'The share of a backend that cannot be called, or cannot any more, fails with UNAVAILABLE, of streams too, and the rest is served',
    support: 'core',
    clauses: [
      'backend-invalid-share-unavailable',
      'backend-invalid-not-redistributed',
      'backend-no-endpoints-unavailable',
      'backend-error-code-is-unavailable',
    ],
    backends: ['v1', 'abroad/v1', 'v2'],
    guards: [
      'lexfrei/cloudflare-tunnel-gateway-controller#335',
      'envoyproxy/gateway#7483',
      'agentgateway/agentgateway#1339',
    ],
  },
  async (t) => {
    await pointTo(t, 'leaving', 'v2');
    await t.apply();
    // The route has backends that are missing, not permitted and of an unknown kind: any of the three may be the reason.
    await t.routeMustHaveCondition('half-missing', { type: 'ResolvedRefs', status: 'False' });
    await t.barrier();

    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.25, '': 0.75 });

    for (const method of [probe, 'routeproof.v1.Probe/ServerStream']) {
      const seen = new Set<string>();
      for (let times = 0; times < 60; times += 1) {
        const { statusName, backend } = await t.call({ host, method });
        seen.add(`${statusName} from ${backend ?? 'the gateway'}`);
      }
      // Both kinds appear in 60 calls but for a chance of 0.75^60 = 3e-8.
      await t.check(
        `calls of ${method} end OK from v1 or UNAVAILABLE from the gateway`,
        () => expect([...seen].toSorted()).to.deep.equal(['OK from v1', 'UNAVAILABLE from the gateway']),
        'routed',
      );
    }
    for (const method of [probeTwo, guideEcho, echo]) await t.callMust({ host, method }, unavailable);

    await t.callMust({ host, method: echoTwo }, { backend: 'v2' });
    await t.remove({ kind: 'Service', name: 'leaving' });
    await t.callMust({ host, method: echoTwo }, unavailable);
  },
);
