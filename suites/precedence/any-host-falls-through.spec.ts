import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';

const host = 'named.example.com';

scenario(
  {
    id: 'precedence/any-host-falls-through',
    title: 'A call that no rule of its hostname fits is still served by the route without hostnames',
    support: 'core',
    clauses: [
      'precedence-nonwildcard-hostname-longest',
      'grpcroute-multiple-routes-share-listener',
      'hostname-both-unset-any-authority',
    ],
    anyHost: true,
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('open');
    for (const route of ['named-one-method', 'any-call']) await t.routeMustBeAccepted(route);
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: echo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);
    await t.callMustAlways({ host: 'other.example.com', method: probe }, { backend: 'v2' }, 3);
  },
);
