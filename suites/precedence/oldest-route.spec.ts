import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import type { Route } from '../shapes.ts';

const host = 'rank.example.com';
const older = { kind: 'GRPCRoute', name: 'zz-older' };

const recreated = { kind: 'GRPCRoute', name: 'aa-younger' };

scenario(
  {
    id: 'precedence/oldest-route',
    title:
      'Of routes with the same match the oldest wins; an edit keeps its age, also one of what it matches, a new creation does not',
    support: 'core',
    clauses: ['precedence-oldest-route', 'precedence-age-is-creation-time'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['oldest-route.older.yaml', 'oldest-route.younger.yaml'],
  },
  async (t) => {
    await t.apply('oldest-route.older.yaml');
    await laterSecond(t);
    await t.apply('oldest-route.younger.yaml');
    await t.routeMustBeAccepted('aa-younger');
    await t.barrier();
    await t.callMustAlways({ host }, { backend: 'v1' });
    await t.callMust({ host, tls: true }, { backend: 'v1' });
    await t.callMustAlways({ host, tls: true }, { backend: 'v1' }, 3);

    await t.update<Route>(older, (route) => {
      const backendRef = route.spec.rules?.at(-1)?.backendRefs?.[0];
      if (backendRef !== undefined) backendRef.name = 'v3';
    });
    await t.callMust({ host }, { backend: 'v3' });
    await t.callMustAlways({ host }, { backend: 'v3' });

    await t.remove(older);
    await t.callMust({ host }, { backend: 'v2' });
    await laterSecond(t);
    await t.apply('oldest-route.older.yaml');
    await t.routeMustBeAccepted('zz-older');
    await t.barrier();
    await t.callMustAlways({ host }, { backend: 'v2' });

    // By now zz-older is the younger one. What the other one matches for a while, and what it matches again, is as old as it is.
    const match = (method: string) =>
      t.update<Route>(recreated, ({ spec }) => {
        for (const rule of spec.rules ?? [])
          rule.matches = [{ method: { service: 'routeproof.v1.Probe', method } }];
      });
    await match('ServerStream');
    await t.callMust({ host }, { backend: 'v1' });
    await match('Unary');
    await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' });
  },
);
