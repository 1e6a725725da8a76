import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/any-of',
    title: 'Any one match of a rule is enough, and conditions of different matches are never pooled',
    support: 'core',
    clauses: [
      'match-any-of-matches',
      'match-mixed-or-and',
      'match-all-of-headers',
      'match-profile-kgateway-any-of',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('either-entry');

    await t.callMust({ host, method: probe, metadata: { version: 'two' } }, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.callMust({ host, method: echo, metadata: { color: 'blue', size: 'small' } }, { backend: 'v1' });

    await t.callMustAlways({ host, method: probe }, refused, 3);
    await t.callMustAlways({ host, method: echo, metadata: { version: 'two' } }, refused, 3);
    await t.callMustAlways({ host, method: echo, metadata: { version: 'two', color: 'blue' } }, refused, 3);
    await t.callMustAlways({ host, method: echo, metadata: { size: 'small' } }, refused, 3);
  },
);
