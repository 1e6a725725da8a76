import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Route } from '../shapes.ts';

scenario(
  {
    id: 'method/no-rules',
    title: 'A route without rules is stored as it is and serves nothing',
    support: 'core',
    clauses: ['grpcroute-rules-optional-no-default', 'grpcroute-unmatched-call-unimplemented'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('no-rules');
    await t.callMust({ host: 'control.example.com' }, { backend: 'v1' });

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'no-rules' });
    await t.check('the API server adds no rule', () => {
      expect(route.spec).not.to.have.property('rules');
    });
    await t.callMustAlways({ host: 'method.example.com' }, refused, 3);
  },
);
