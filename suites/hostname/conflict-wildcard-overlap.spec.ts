import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { sharesHostname } from './shared-hostname.ts';

scenario(
  {
    id: 'hostname/conflict-wildcard-overlap',
    title: 'A GRPCRoute conflicts with an HTTPRoute whose wildcard covers its host, and with nothing else',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: ['hostname-conflict-wildcard-overlap', 'hostname-conflict-disjoint-coexist'],
    backends: ['v1', 'v2'],
    guards: ['projectcontour/contour#6267', 'traefik/traefik#13421'],
    manifests: ['conflict-wildcard-overlap.older.yaml', 'conflict-wildcard-overlap.younger.yaml'],
  },
  async (t) => {
    await t.apply('conflict-wildcard-overlap.older.yaml');
    await laterSecond(t);
    await t.apply('conflict-wildcard-overlap.younger.yaml');

    await t.routeMustBeAccepted('older-wildcard-http', { kind: 'HTTPRoute' });
    const shares = await sharesHostname(t, { kind: 'GRPCRoute', name: 'younger-exact-grpc' });
    if (!shares) await t.routeMustHaveCondition('younger-exact-grpc', { type: 'Accepted', status: 'False' });
    await t.routeMustBeAccepted('disjoint-grpc');

    await t.callMust({ host: 'a.other.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'b.wild.example.com' }, { backend: 'v1' });
    if (!shares) await t.callMustAlways({ host: 'a.wild.example.com' }, { backend: 'v1' });
  },
);
