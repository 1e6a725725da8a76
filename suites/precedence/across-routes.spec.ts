import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/across-routes',
    title: 'A more specific rule wins over a route that is older and first by name',
    support: 'core',
    clauses: ['precedence-across-routes-specificity', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2'],
    guards: ['aws/aws-load-balancer-controller#4818'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('aa-catch-all');
    await t.routeMustBeAccepted('zz-method');

    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });
  },
);
