import { scenario } from '../../harness/index.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'named.example.com';

scenario(
  {
    id: 'precedence/any-host-falls-through',
    title:
      'A call that no rule of its hostname fits is still served by the route without hostnames, and no other, however precise that is',
    support: 'core',
    clauses: [
      'precedence-nonwildcard-hostname-longest',
      'precedence-hostname-before-service',
      'grpcroute-multiple-routes-share-listener',
      'hostname-both-unset-any-authority',
    ],
    anyHost: true,
    backends: ['v1', 'v2', 'v3'],
    guards: ['kubernetes-sigs/aws-load-balancer-controller#4807'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('open');
    for (const route of [
      'named-one-method',
      'named-any-call',
      'any-call',
      'any-host-one-method',
      'wildcard-one-method',
    ])
      await t.routeMustBeAccepted(route);
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);
    await t.callMustAlways({ host: 'other.example.com', method: probe }, { backend: 'v2' }, 3);
    const underWildcard = { host: 'a.part.example.com' };
    await t.callMust({ ...underWildcard, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ ...underWildcard, method: echo }, { backend: 'v2' }, 3);

    // The match of a route without hostnames counts among such routes only.
    await t.callMust({ host, method: probeTwo }, { backend: 'v3' });
    await t.callMust({ host: 'whole.example.com', method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host: 'whole.example.com', method: probeTwo }, { backend: 'v1' }, 3);
  },
);
