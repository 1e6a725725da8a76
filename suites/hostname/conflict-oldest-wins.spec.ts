import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import type { Route } from '../shapes.ts';
import { sharesHostname } from './shared-hostname.ts';

scenario(
  {
    id: 'hostname/conflict-oldest-wins',
    title:
      'Of a GRPCRoute and an HTTPRoute with one hostname, the older is accepted, also when it is edited to name it; the other takes over when it goes, or leaves the hostname',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'hostname-conflict-exactly-one',
      'hostname-conflict-oldest-wins',
      'hostname-conflict-loser-status',
      'hostname-conflict-released',
    ],
    backends: ['v1', 'v2'],
    guards: ['istio/istio#57172', 'aws/aws-load-balancer-controller#4818'],
    manifests: ['conflict-oldest-wins.older.yaml', 'conflict-oldest-wins.younger.yaml'],
  },
  async (t) => {
    await t.apply('conflict-oldest-wins.older.yaml');
    await laterSecond(t);
    await t.apply('conflict-oldest-wins.younger.yaml');
    if (await sharesHostname(t, { kind: 'HTTPRoute', name: 'aa-younger-http' })) return;

    const refusal = { type: 'Accepted', status: 'False' } as const;
    await t.routeMustBeAccepted('zz-older-grpc');
    await t.routeMustHaveCondition('aa-younger-http', refusal, { kind: 'HTTPRoute' });
    await t.routeMustBeAccepted('zz-older-http', { kind: 'HTTPRoute' });
    await t.routeMustHaveCondition('aa-younger-grpc', refusal);
    for (const host of ['grpc-first.example.com', 'http-first.example.com']) {
      await t.callMust({ host }, { backend: 'v1' });
      await t.callMustAlways({ host }, { backend: 'v1' });
    }

    await t.callMust({ host: 'claimed-later.example.com' }, { backend: 'v2' });
    await t.update<Route>({ kind: 'HTTPRoute', name: 'zz-older-elsewhere' }, ({ spec }) => {
      spec.hostnames = [t.host('claimed-later.example.com')];
    });
    await t.routeMustBeAccepted('zz-older-elsewhere', { kind: 'HTTPRoute' });
    await t.routeMustHaveCondition('aa-younger-elsewhere', refusal);
    await t.callMust({ host: 'claimed-later.example.com' }, { backend: 'v1' });

    await t.implied(['hostname-conflict-released'], async () => {
      await t.update<Route>({ kind: 'HTTPRoute', name: 'zz-older-elsewhere' }, ({ spec }) => {
        spec.hostnames = [t.host('elsewhere.example.com')];
      });
      await t.routeMustBeAccepted('aa-younger-elsewhere');
      await t.callMust({ host: 'claimed-later.example.com' }, { backend: 'v2' });
    });

    const loser = { isReleased: false };
    await t.implied(['hostname-conflict-released'], async () => {
      // At one moment with a route that was in nobody's way.
      await Promise.all([
        t.remove({ kind: 'GRPCRoute', name: 'bystander' }),
        t.remove({ kind: 'HTTPRoute', name: 'zz-older-http' }),
      ]);
      await t.routeMustBeAccepted('aa-younger-grpc');
      await t.callMust({ host: 'http-first.example.com' }, { backend: 'v2' });
      loser.isReleased = true;
    });
    if (!loser.isReleased) return;
    // What is made again under the name of the older one is the younger one.
    await t.apply('conflict-oldest-wins.older.yaml');
    await t.routeMustHaveCondition('zz-older-http', refusal, { kind: 'HTTPRoute' });
    await t.routeMustBeAccepted('aa-younger-grpc');
    await t.callMustAlways({ host: 'http-first.example.com' }, { backend: 'v2' });
  },
);
