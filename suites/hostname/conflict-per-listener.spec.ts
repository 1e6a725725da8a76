import { scenario } from '../../harness/index.ts';

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
    await t.routeMustBeAccepted('part-of-both');
    await t.callMust({ host: 'part.example.com', tls: true }, { backend: 'v2' });
    // Later releases let both have it.
    if (t.holds('hostname-conflict-exactly-one'))
      await t.callMustAlways({ host: 'part.example.com' }, { backend: 'v1' });
  },
);
