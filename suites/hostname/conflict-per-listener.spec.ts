import { expect, scenario } from '../../harness/index.ts';
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
    clauses: ['hostname-conflict-per-listener', 'hostname-conflict-on-some-listeners'],
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

    // Who names no listener has one entry for both. That one of them is enough is said of listeners, and not of conflicts.
    await t.routeMustBeAccepted('whole-http', { kind: 'HTTPRoute' });
    const isAccepted = await acceptedOrRefused(t, { kind: 'GRPCRoute', name: 'whole-of-both' });
    if (isAccepted) await t.callMust({ host: 'whole.example.com', tls: true }, { backend: 'v2' });
    await t.implied(['hostname-conflict-on-some-listeners'], () =>
      t.check(
        'a route that names no listener is accepted where one of two has its hostname taken',
        () => expect(isAccepted).to.equal(true),
        'status',
      ),
    );
  },
);
