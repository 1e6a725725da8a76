import { scenario } from '../../harness/index.ts';
import { applyInOneSecond } from '../api-clock.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/alphabetical-namespace',
    title: 'Of equally old routes with the same match the namespace is compared before the name',
    support: 'core',
    clauses: ['precedence-alphabetical-namespace-first'],
    backends: ['b/v1', 'a/v2'],
  },
  async (t) => {
    await applyInOneSecond(t, [
      { kind: 'GRPCRoute', name: 'aa-name', namespace: 'b' },
      { kind: 'GRPCRoute', name: 'zz-name', namespace: 'a' },
    ]);
    await t.routeMustBeAccepted('aa-name', { namespace: 'b' });
    await t.routeMustBeAccepted('zz-name', { namespace: 'a' });

    await t.callMust({ host }, { backend: 'a/v2' });
    await t.callMustAlways({ host }, { backend: 'a/v2' }, 20);
  },
);
