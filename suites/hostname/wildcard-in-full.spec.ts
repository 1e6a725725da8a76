import { expect, scenario } from '../../harness/index.ts';
import type { Call } from '../../harness/index.ts';
import { refused, unserved } from '../expected.ts';
import { echo, echoTwo, guideEcho, probe } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { sampleSize, sharesMustBe } from '../weight/shares.ts';

const host = 'a.full.example.com';

scenario(
  {
    id: 'hostname/wildcard-in-full',
    title:
      'Under a wildcard hostname, matches, precedence, filters, weights and changes mean what they do elsewhere, over TLS as well',
    support: 'core',
    clauses: [
      'hostname-wildcard-route-suffix',
      'method-exact-service-and-method',
      'header-exact-value',
      'precedence-not-listing-order',
      'filter-core-supported',
      'filter-request-header-set',
      'weight-proportional',
      'backend-all-invalid-unavailable',
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
    ],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('in-full');

    await t.callMust({ host, method: echoTwo }, { backend: 'v1' });
    await t.callMust({ host, method: probe }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe, metadata: { env: 'stable' } }, { backend: 'v2' }, 3);
    await t.callMust({ host, method: probe, metadata: { env: 'canary' } }, { backend: 'v3' });
    await t.callMust({ host, method: probe, tls: true }, { backend: 'v2' });
    await t.callMust({ host, method: probe, metadata: { env: 'canary' }, tls: true }, { backend: 'v3' });
    await t.callMust(
      { host, method: echo },
      {
        backend: ['v1', 'v2'],
        also: ({ received }) => {
          expect(received.get('x-edited')).to.deep.equal(['by-the-rule']);
        },
      },
    );
    await sharesMustBe(t, await t.distribution({ host, method: echo }, sampleSize), { v1: 0.75, v2: 0.25 });
    await t.routeMustHaveCondition('without-backends', { type: 'ResolvedRefs', status: 'False' });
    await t.callMust({ host, method: guideEcho }, unserved);

    const places: Call[] = [
      { host, method: probe },
      { host, method: probe, tls: true },
    ];
    const ref = { kind: 'GRPCRoute', name: 'in-full' };
    await t.update<Route>(ref, ({ spec }) => {
      for (const { backendRefs = [] } of spec.rules ?? [])
        for (const backend of backendRefs) if (backend.name === 'v2') backend.name = 'v3';
    });
    for (const call of places) await t.callMust(call, { backend: 'v3' });
    await t.remove(ref);
    for (const call of places) await t.callMust(call, refused);
  },
);
