import { scenario } from '../../harness/index.ts';
import { routeMustBeDeclined } from '../optional-support.ts';

const beside = { host: 'beside.example.com' };
const matching = {
  host: 'large.example.com',
  metadata: { tenant: `${'a'.repeat(1000)}${'1'.repeat(1000)}` },
};

scenario(
  {
    id: 'status/regex-too-large',
    title: 'A pattern that the proxy may find too large is served, or the route says that it is not',
    support: 'core',
    clauses: ['status-accepted-false-when-no-rule-works', 'status-unsupported-value'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.callMust(beside, { backend: 'v1' });
    await t.barrier();
    const { backend } = await t.call(matching);
    if (backend === 'v1') {
      await t.routeMustBeAccepted('too-large');
      t.note('the pattern is served');
    } else {
      await routeMustBeDeclined(t, 'too-large');
      t.note('the pattern is refused, and the route says so');
    }
    await t.callMustAlways(beside, { backend: 'v1' }, 3);
  },
);
