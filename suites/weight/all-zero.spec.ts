import { expect, scenario } from '../../harness/index.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'weight.example.com';

scenario(
  {
    id: 'weight/all-zero',
    title: 'A rule whose weights are all 0, be it one, sends calls nowhere and leaves the other rules alone',
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
    for (const [method, weights] of [
      [probe, 'all weights 0'],
      [probeTwo, 'one backend, of weight 0'],
    ] as const) {
      const { status, statusName, backend } = await t.call({ host, method });
      await t.check('the call fails and no backend sees it', () => {
        expect({ failed: status !== null && status > 0, backend }).to.deep.equal({
          failed: true,
          backend: undefined,
        });
      });
      t.note(`a rule with ${weights} answers ${statusName}`);
      await t.callMustAlways({ host, method }, { status: status ?? -1, backend: null }, 20);
    }
  },
);
