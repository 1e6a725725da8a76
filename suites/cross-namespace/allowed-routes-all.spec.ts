import { scenario } from '../../harness/index.ts';

scenario(
  {
    id: 'cross-namespace/allowed-routes-all',
    title:
      'A listener that allows all namespaces serves routes of several, each with the backends of its own namespace, however alike their names are',
    support: 'core',
    clauses: [
      'listener-namespaces-all',
      'parentref-cross-namespace-allowed',
      'parentref-namespace-defaults-to-route',
      'refgrant-same-namespace-not-needed',
      'backend-service-forwarding',
      'grpcroute-multiple-routes-share-listener',
    ],
    backends: ['v1', 'team/v1', 'store/v1'],
    guards: ['traefik/traefik#11222'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout', { namespace: 'team' });
    await t.routeMustBeAccepted('search', { namespace: 'store' });
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'team/v1' });
    await t.callMust({ host: 'search.example.com' }, { backend: 'store/v1' });
    await t.routeMustBeAccepted('team-checkout');
    await t.callMust({ host: 'team-checkout.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'checkout.example.com' }, { backend: 'team/v1' });

    await t.barrier();
    await t.routeMustHaveNoParent('astray');
    await t.callMustAlways({ host: 'astray.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
  },
);
