import { scenario } from '../../harness/index.ts';
import { applyInOneSecond } from '../api-clock.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/alphabetical',
    title: 'Of equally old routes with the same match the first by name wins',
    support: 'core',
    clauses: ['precedence-alphabetical-route'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await applyInOneSecond(t, [
      { kind: 'GRPCRoute', name: 'tied-9' },
      { kind: 'GRPCRoute', name: 'tied-10' },
    ]);
    await t.routeMustBeAccepted('tied-9');
    await t.routeMustBeAccepted('tied-10');

    await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' }, 20);
  },
);
