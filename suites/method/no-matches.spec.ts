import { scenario } from '../../harness/index.ts';
import { echoTwo, guideEcho, probe } from '../methods.ts';

scenario(
  {
    id: 'method/no-matches',
    title: 'A rule without matches, with an empty list or with one empty match takes every call',
    support: 'core',
    clauses: [
      'match-profile-kgateway-any-of',
      'match-omitted-matches-everything',
      'match-empty-list-matches-everything',
      'match-empty-entry-matches-everything',
    ],
    backends: ['v1', 'v2', 'v3'],
    guards: ['Kong/kubernetes-ingress-controller#4154', 'linkerd/linkerd2#13425'],
  },
  async (t) => {
    await t.apply();

    const routes = [
      { route: 'matches-absent', host: 'absent.example.com', backend: 'v1' },
      { route: 'matches-empty', host: 'empty-list.example.com', backend: 'v2' },
      { route: 'match-empty', host: 'empty-match.example.com', backend: 'v3' },
    ];
    for (const { route, host, backend } of routes) {
      await t.routeMustBeAccepted(route);
      for (const method of [probe, 'routeproof.v1.Probe/ServerStream', echoTwo, guideEcho]) {
        await t.callMust({ host, method, metadata: { any: 'thing' } }, { backend });
      }
    }
  },
);
