import { scenario } from '../../harness/index.ts';
import { echo, probe } from '../methods.ts';
import type { Route } from '../shapes.ts';

const host = 'rank.example.com';
const stream = 'routeproof.v1.Probe/ServerStream';

scenario(
  {
    id: 'precedence/not-listing-order',
    title:
      'The more specific rule wins, however late it is listed, over TLS as well, and when an edit has made it so',
    support: 'core',
    clauses: [
      'precedence-not-listing-order',
      'precedence-service-longest',
      'precedence-method-longest',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
    guards: ['envoyproxy/gateway#5736'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('least-specific-first');
    await t.callMust({ host, method: probe, metadata: { env: 'canary' } }, { backend: 'v4' });

    await t.callMustAlways({ host, method: probe }, { backend: 'v3' });
    await t.callMustAlways({ host, method: stream }, { backend: 'v2' });
    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });

    await t.callMust({ host, method: probe, metadata: { env: 'canary' }, tls: true }, { backend: 'v4' });
    await t.callMustAlways({ host, method: probe, tls: true }, { backend: 'v3' }, 3);

    // Two rules exchange what they match, and with it their rank.
    await t.update<Route>({ kind: 'GRPCRoute', name: 'least-specific-first' }, ({ spec }) => {
      const [, wide, narrow] = spec.rules ?? [];
      if (wide?.matches && narrow?.matches) [wide.matches, narrow.matches] = [narrow.matches, wide.matches];
    });
    await t.callMust({ host, method: stream }, { backend: 'v3' });
    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe, metadata: { env: 'canary' } }, { backend: 'v4' }, 3);
    await t.callMustAlways({ host, method: echo }, { backend: 'v1' }, 3);
  },
);
