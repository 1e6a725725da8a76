import { expect, scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/all-zero',
    title: 'A rule whose weights are all 0 sends calls nowhere and leaves the other rules alone',
    support: 'core',
    clauses: ['weight-all-zero', 'weight-zero-no-traffic'],
    backends: ['v1', 'v2'],
    guards: ['kgateway-dev/kgateway#11548'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('nobody');
    await t.callMust({ host, method: echo }, { backend: 'v1' });

    // The spec asks for no status in particular, so any but OK will do.
    const { status, statusName, backend } = await t.call({ host, method: probe });
    await t.check('the call fails and no backend sees it', () => {
      expect({ failed: status !== null && status > 0, backend }).to.deep.equal({
        failed: true,
        backend: undefined,
      });
    });
    t.note(`a rule with all weights 0 answers ${statusName}`);
    await t.callMustAlways({ host, method: probe }, { status: status ?? -1, backend: null }, 20);
  },
);
