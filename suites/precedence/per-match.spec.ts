import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'rank.example.com';
const metadata = { a: '1', b: '2' };

scenario(
  {
    id: 'precedence/per-match',
    title: 'What counts is the match that fits the call, not the best match of its rule',
    support: 'core',
    clauses: ['precedence-per-match-not-per-rule'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('big-and-small-match');

    await t.callMust({ host, metadata, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata: { a: '1' }, method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata, method: probe }, { backend: 'v1' });
  },
);
