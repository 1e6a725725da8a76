import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';

const call = { host: 'checkout.example.com' };
const calls = 60;

scenario(
  {
    id: 'backend/several-endpoints',
    title:
      'Calls over one route reach every endpoint of a headless Service, and one that leaves gets no more',
    support: 'core',
    clauses: ['backend-endpoints-follow', 'backend-service-types', 'backend-appprotocol-absent-inferred'],
    guards: ['envoyproxy/gateway#4685'],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    await t.apply();
    await pointTo(t, 'pool', 'v1', 'v2', 'v3');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: ['v1', 'v2', 'v3'] });

    const spread = await t.distribution(call, calls);
    await t.check(
      'every endpoint answers, and nobody else',
      () => {
        // An even spread is not required; by chance alone one of three stays unused in fewer than 1 of 10^10 runs.
        expect([...spread.keys()].sort()).to.deep.equal(['v1', 'v2', 'v3']);
      },
      'backend',
    );

    await t.implied(['backend-endpoints-follow'], async () => {
      await pointTo(t, 'pool', 'v1', 'v3');
      await t.barrier();
      await t.callMust(call, { backend: ['v1', 'v3'] });
      const rest = await t.distribution(call, calls);
      await t.check(
        'the endpoint that left is not called',
        () => {
          expect([...rest.keys()].sort()).to.deep.equal(['v1', 'v3']);
        },
        'backend',
      );
    });
  },
);
