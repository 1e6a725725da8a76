import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'status/no-matching-hostname',
    title: 'A route without a hostname of its listener is NoMatchingListenerHostname until it gets one',
    support: 'core',
    clauses: [
      'status-nomatchinglistenerhostname',
      'hostname-no-intersection-rejected',
      'hostname-nonmatching-entries-ignored',
      'hostname-profile-kgateway-intersection',
      'grpcroute-update-takes-effect',
      'status-observedgeneration-current',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('outside', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingListenerHostname',
    });
    await t.routeMustBeAccepted('partly');
    await t.callMust({ host: 'search.example.com', tls: true }, { backend: 'v1' });
    const tls = { serverName: t.host('search.example.com') };
    await t.callMustAlways({ host: 'search.example.org', tls }, unserved, 3);
    await t.callMustAlways({ host: 'checkout.example.org', tls }, unserved, 3);

    // The same verdict again counts at the new generation only.
    await t.update<Route>({ kind: 'GRPCRoute', name: 'outside' }, ({ spec }) => {
      spec.hostnames = [t.host('elsewhere.example.org')];
    });
    await t.routeMustHaveCondition('outside', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingListenerHostname',
    });
    await t.update<Route>({ kind: 'GRPCRoute', name: 'outside' }, ({ spec }) => {
      spec.hostnames = [t.host('checkout.example.com')];
    });
    await t.routeMustBeAccepted('outside');
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
  },
);
