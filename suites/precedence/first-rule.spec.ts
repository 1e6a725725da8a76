import { scenario } from '../../harness/index.ts';
import { echo, echoTwo, probe } from '../methods.ts';
import type { Route } from '../shapes.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/first-rule',
    title: 'Of equally specific rules in one route, the first wins, also after they change places',
    support: 'core',
    clauses: [
      'precedence-first-rule-in-route',
      'grpcroute-single-rule-per-call',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('same-match-twice');

    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 30);
    await t.callMust({ host, method: probe, tls: true }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probe, tls: true }, { backend: 'v1' });
    await t.callMustAlways({ host, method: echo, metadata: { b: '2' } }, { backend: 'v4' });
    await t.callMustAlways({ host, method: echo, metadata: { a: '1', b: '2' } }, { backend: 'v3' });
    await t.callMustAlways({ host, method: echoTwo }, { backend: 'v3' });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'same-match-twice' }, ({ spec }) => {
      const [first, second, ...others] = spec.rules ?? [];
      if (first !== undefined && second !== undefined) spec.rules = [second, first, ...others];
    });
    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v2' });
  },
);
