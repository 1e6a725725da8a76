import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;
const unmatched = { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname' } as const;
const parent = (sectionName: string) => ({ parent: { name: 'intersections', sectionName } });

scenario(
  {
    id: 'hostname/listener-intersection',
    title:
      'A route serves only the hosts that both it and its listener name, on each listener that shares one with it',
    support: 'core',
    clauses: [
      'hostname-exact-listener-exact-route',
      'hostname-exact-listener-wildcard-route',
      'hostname-wildcard-listener-exact-route',
      'hostname-wildcard-listener-wildcard-route',
      'hostname-intersected-name-limits-traffic',
      'hostname-nonmatching-entries-ignored',
      'hostname-no-intersection-rejected',
      'status-entry-per-parentref',
      'parentref-multiple-sections-same-gateway',
      'parentref-sectionname-omitted-all-listeners',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
    guards: [
      'cilium/cilium#44118',
      'cilium/cilium#43802',
      'kubernetes-sigs/aws-load-balancer-controller#4499',
    ],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('intersections');

    const served = [
      { route: 'exact-on-exact', host: 'exact.example.com', backend: 'v1' },
      { route: 'wildcard-on-exact', host: 'test.example.com', backend: 'v2' },
      { route: 'exact-on-wildcard', host: 'a.wild.example.com', backend: 'v3' },
      { route: 'narrower-wildcard-on-wildcard', host: 'd.c.b.wild.example.com', backend: 'v1' },
      { route: 'wider-wildcard-on-wildcard', host: 'b.a.deep.example.com', backend: 'v4' },
      { route: 'of-two-listeners', host: 'both.wild.example.com', backend: 'v2' },
      { route: 'of-two-listeners', host: 'both.deep.example.com', backend: 'v2' },
    ];
    for (const { route, host, backend } of served) {
      await t.routeMustBeAccepted(route);
      await t.callMust({ host }, { backend });
    }

    await t.routeMustHaveCondition('bare-suffix-on-wildcard', unmatched);
    await t.routeMustHaveCondition('one-of-two', accepted, parent('wildcard'));
    await t.routeMustHaveCondition('one-of-two', unmatched, parent('narrow'));
    await t.callMust({ host: 'one.wild.example.com' }, { backend: 'v2' });
    await t.listenerMustHaveAttachedRoutes('intersections', 'wildcard', 4);
    await t.listenerMustHaveAttachedRoutes('intersections', 'deep', 2);

    const outside = [
      'foreign.example.com', // named by a route only
      'other.example.com', // inside a route's wildcard only
      'b.wild.example.com', // inside a listener's wildcard only
      'd.c.wild.example.com',
      'wild.example.com',
      'awild.example.com', // the same letters, but no label of its own
      'deep.example.com',
    ];
    for (const host of outside) await t.callMustAlways({ host }, refused, 3);
  },
);
