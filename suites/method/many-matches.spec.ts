import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, probe, probeTwo } from '../methods.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/many-matches',
    title: 'The last of 64 matches of a rule, and of 127 of a route, counts as much as the first',
    support: 'core',
    clauses: ['match-any-of-matches'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('many-matches');

    for (const method of [probe, echoTwo, probeTwo]) await t.callMust({ host, method }, { backend: 'v1' });
    for (const method of [echo, 'routeproof.v1.Probe/ServerStream']) {
      await t.callMustAlways({ host, method }, refused, 3);
    }
  },
);
