import { expect, scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { echo, probe } from '../methods.ts';

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
    backends: ['v1', 'v2'],
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
    const route = await t.get({ kind: 'GRPCRoute', name: 'unknown-extension' });
    const conditions = currentConditions(t, route).map(
      ({ type, status, reason }) => `${type}=${status}/${reason}`,
    );
    t.note(`calls end with ${results[0]?.statusName ?? '?'}; the route says ${conditions.join(', ')}`);
  },
);
