import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'header.example.com';
const canary = { env: 'canary' };

scenario(
  {
    id: 'header/with-method',
    title: 'A match with a method and a header needs both',
    support: 'core',
    clauses: ['match-all-of-conditions'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('method-and-header');
    await t.callMust({ host, method: probe, metadata: canary }, { backend: 'v1' });

    await t.callMustAlways({ host, method: probe }, refused, 3);
    await t.callMustAlways({ host, method: probe, metadata: { env: 'stable' } }, refused, 3);
    await t.callMustAlways({ host, method: probeTwo, metadata: canary }, refused, 3);
  },
);
