import { expect, scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/extension-unresolved',
    title: 'Calls for a filter that cannot be resolved fail; they do not pass without it',
    support: 'implementation-specific',
    clauses: [
      'filter-extensionref-unresolved-not-skipped',
      'filter-extensionref-unresolved-error',
      'filter-extensionref-other-rules-work',
    ],
    backends: ['v1', 'v2', 'v3'],
    guards: ['kumahq/kuma#18297', 'kubernetes-sigs/cloud-provider-kind#439'],
  },
  async (t) => {
    await t.apply();
    await t.callMust({ host, method: echo }, { backend: 'v1' });

    const results = await Promise.all(Array.from({ length: 10 }, () => t.call({ host, method: probe })));
    await t.check(
      'the call fails at the gateway; neither its own backend nor the catch-all rule gets it',
      () => {
        for (const { status, backend } of results) {
          expect(status).to.be.greaterThan(0);
          expect(backend).to.equal(undefined);
        }
      },
      'routed',
    );
    // Filters of a backendRef may be unsupported, and the rule dropped: what must not be is a call that passes without the filter.
    const ofBackend = await Promise.all(Array.from({ length: 10 }, () => t.call({ host, method: probeTwo })));
    await t.check(
      'no call reaches the backend whose own filter cannot be resolved',
      () => {
        for (const { backend } of ofBackend) expect(backend).not.to.equal('v3');
      },
      'routed',
    );
    const route = await t.get({ kind: 'GRPCRoute', name: 'unknown-extension' });
    const conditions = currentConditions(t, route).map(
      ({ type, status, reason }) => `${type}=${status}/${reason}`,
    );
    t.note(`calls end with ${results[0]?.statusName ?? '?'}; the route says ${conditions.join(', ')}`);
  },
);
