import { scenario } from '../../harness/index.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe, probeTwo } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/across-routes',
    title:
      'A more specific rule wins over a route that is older and first by name, also one of another namespace',
    support: 'core',
    clauses: ['precedence-across-routes-specificity', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2', 'v3', 'zz/v3'],
    guards: ['aws/aws-load-balancer-controller#4818'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('aa-catch-all');
    await t.routeMustBeAccepted('zz-method');
    await t.routeMustBeAccepted('zz-method', { namespace: 'zz' });

    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: guideEchoV2 }, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'zz/v3' });
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'zz/v3' });

    // The older route has rules for these as well: the service without a method, and fewer headers.
    await t.callMust({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v3' }, 3);
    const canary = { host, method: guideEcho, metadata: { env: 'canary' } };
    const ofTenant = { ...canary, metadata: { ...canary.metadata, tenant: 'acme' } };
    await t.callMust(ofTenant, { backend: 'v2' });
    await t.callMustAlways(canary, { backend: 'v3' }, 3);
  },
);
