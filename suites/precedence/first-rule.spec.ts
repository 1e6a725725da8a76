import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/first-rule',
    title: 'Of equally specific rules in one route, the first wins',
    support: 'core',
    clauses: ['precedence-first-rule-in-route', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('same-match-twice');

    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 30);
    await t.callMustAlways({ host, method: echo, metadata: { b: '2' } }, { backend: 'v4' });
    await t.callMustAlways({ host, method: echo, metadata: { a: '1', b: '2' } }, { backend: 'v3' });
  },
);
