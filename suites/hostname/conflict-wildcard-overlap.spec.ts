import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { refused } from '../expected.ts';
import { sharesHostname } from './shared-hostname.ts';

interface Loser {
  kind: 'GRPCRoute' | 'HTTPRoute';
  name: string;
  /** A name that an older route of the other kind has. */
  contested: string;
  /** One that nobody else has. */
  own?: string;
}

const losers: Loser[] = [
  { kind: 'GRPCRoute', name: 'younger-exact-grpc', contested: 'a.wild.example.com' },
  {
    kind: 'HTTPRoute',
    name: 'younger-wildcard-http',
    contested: 'a.narrow.example.com',
    own: 'b.narrow.example.com',
  },
  { kind: 'HTTPRoute', name: 'younger-narrower-http', contested: 'a.more.deep.example.com' },
  { kind: 'HTTPRoute', name: 'younger-equal-http', contested: 'a.deep.example.com' },
];

const several: Loser = {
  kind: 'GRPCRoute',
  name: 'younger-several-grpc',
  contested: 'two.several.example.com',
  own: 'three.several.example.com',
};

scenario(
  {
    id: 'hostname/conflict-wildcard-overlap',
    title:
      'A GRPCRoute and an HTTPRoute conflict when one of their hostnames covers one of the other, whichever is wider, and with nothing else; who loses holds nothing, and goes alone',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: ['hostname-conflict-wildcard-overlap', 'hostname-conflict-disjoint-coexist'],
    backends: ['v1', 'v2'],
    guards: ['projectcontour/contour#6267', 'traefik/traefik#13421'],
    manifests: [
      'conflict-wildcard-overlap.older.yaml',
      'conflict-wildcard-overlap.younger.yaml',
      'conflict-wildcard-overlap.alone.yaml',
      'conflict-wildcard-overlap.newcomer.yaml',
    ],
  },
  async (t) => {
    await t.apply('conflict-wildcard-overlap.older.yaml');
    await laterSecond(t);
    await t.apply('conflict-wildcard-overlap.younger.yaml');

    for (const name of ['older-wildcard-http', 'older-several-http'])
      await t.routeMustBeAccepted(name, { kind: 'HTTPRoute' });
    for (const name of ['older-exact-grpc', 'older-wildcard-grpc', 'disjoint-grpc'])
      await t.routeMustBeAccepted(name);
    await t.callMust({ host: 'a.other.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'b.wild.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'one.several.example.com' }, { backend: 'v1' });

    const lost = new Set<string>();
    const mustLose = async ({ kind, name, contested, own }: Loser): Promise<void> => {
      if (await sharesHostname(t, { kind, name })) {
        if (own !== undefined) await t.callMust({ host: own }, { backend: 'v2' });
        return;
      }
      lost.add(name);
      await t.routeMustHaveCondition(name, { type: 'Accepted', status: 'False' }, { kind });
      await t.callMustAlways({ host: contested }, { backend: 'v1' });
      if (own !== undefined) await t.callMust({ host: own }, refused);
    };
    for (const loser of losers) await mustLose(loser);
    // By itself: beside others that conflict, everything might be looked at anew.
    await t.apply('conflict-wildcard-overlap.alone.yaml');
    await mustLose(several);

    if (lost.has('younger-wildcard-http')) {
      await t.apply('conflict-wildcard-overlap.newcomer.yaml');
      await t.routeMustBeAccepted('zz-newcomer-grpc');
      await t.callMust({ host: 'b.narrow.example.com' }, { backend: 'v2' });
    }
    await t.remove({ kind: 'HTTPRoute', name: 'younger-wildcard-http' });
    await t.remove({ kind: 'GRPCRoute', name: 'younger-exact-grpc' });
    await t.barrier();
    for (const host of ['a.narrow.example.com', 'b.wild.example.com'])
      await t.callMustAlways({ host }, { backend: 'v1' }, 3);
    await t.routeMustBeAccepted('older-exact-grpc');
    await t.routeMustBeAccepted('older-wildcard-http', { kind: 'HTTPRoute' });
  },
);
