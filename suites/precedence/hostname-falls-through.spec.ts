import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

scenario(
  {
    id: 'precedence/hostname-falls-through',
    title:
      'A call that no rule of its most specific hostname fits is served by the next one that has a rule for it',
    support: 'core',
    // Precedence ranks the rules that match; a precise host without a matching rule has nothing to rank.
    clauses: [
      'precedence-nonwildcard-hostname-longest',
      'grpcroute-multiple-routes-share-listener',
      'grpcroute-delete-stops-traffic',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('precise-host-one-method');
    await t.routeMustBeAccepted('wildcard-host-any-call');

    await t.callMust({ host: 'a.rank.example.com', method: probe }, { backend: 'v1' });
    await t.callMust({ host: 'a.rank.example.com', method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host: 'a.rank.example.com', method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host: 'b.rank.example.com', method: probe }, { backend: 'v2' });

    await t.routeMustBeAccepted('narrow-wildcard-one-method');
    await t.callMust({ host: 'c.deep.rank.example.com', method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host: 'c.deep.rank.example.com', method: echo }, { backend: 'v2' }, 3);

    // Two hostnames on the way have rules for other calls only.
    await t.routeMustBeAccepted('narrowest-wildcard-one-method');
    await t.routeMustBeAccepted('precise-deep-host-one-method');
    for (const [host, backend] of [
      ['d.very.deep.rank.example.com', 'v3'],
      ['p.deep.rank.example.com', 'v4'],
    ] as const) {
      await t.callMust({ host, method: probe }, { backend });
      await t.callMustAlways({ host, method: echo }, { backend: 'v2' }, 3);
    }

    await t.callMust({ host: 'a.rank.example.com', method: probe, tls: true }, { backend: 'v1' });
    for (const host of ['a.rank.example.com', 'c.deep.rank.example.com'])
      await t.callMust({ host, method: echo, tls: true }, { backend: 'v2' });

    // What the precise route had goes to the wildcard one when it is deleted, and back when it is there again.
    await t.remove({ kind: 'GRPCRoute', name: 'precise-host-one-method' });
    await t.callMust({ host: 'a.rank.example.com', method: probe }, { backend: 'v2' });
    await t.apply();
    await t.callMust({ host: 'a.rank.example.com', method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host: 'a.rank.example.com', method: echo }, { backend: 'v2' }, 3);
  },
);
