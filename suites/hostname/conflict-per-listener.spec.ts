import { scenario } from '../../harness/index.ts';
import { acceptedOrRefused } from '../optional-support.ts';

const parent = (sectionName: string) => ({
  parent: { name: 'shared', namespace: 'routeproof-base', sectionName },
});

scenario(
  {
    id: 'hostname/conflict-per-listener',
    title:
      'A GRPCRoute and an HTTPRoute may have one hostname on different listeners, and where they meet on one of two, the other is served',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: ['hostname-conflict-per-listener'],
    backends: ['v1', 'v2'],
    guards: ['cilium/cilium#44877'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('on-http-listener', { kind: 'HTTPRoute' });
    await t.routeMustBeAccepted('on-https-listener');

    await t.callMust({ host: 'same.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'same.example.com', tls: true }, { backend: 'v2' });
    await t.callMustAlways({ host: 'same.example.com' }, { backend: 'v1' });

    await t.routeMustBeAccepted('part-http', { kind: 'HTTPRoute' });
    await t.routeMustHaveCondition('part-of-both', { type: 'Accepted', status: 'True' }, parent('https'));
    await t.callMust({ host: 'part.example.com', tls: true }, { backend: 'v2' });

    // Who names no listener has one entry for both; what it says where only one of them takes the route is left open.
    await t.routeMustBeAccepted('whole-http', { kind: 'HTTPRoute' });
    if (await acceptedOrRefused(t, { kind: 'GRPCRoute', name: 'whole-of-both' }))
      await t.callMust({ host: 'whole.example.com', tls: true }, { backend: 'v2' });
    else t.note('A route that names no listener is refused where one of two has its hostname taken.');
  },
);
