import { expect, scenario } from '../../harness/index.ts';
import type { Call, CallResult, Scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { echo, probe, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/extension-unresolved',
    title:
      'Calls for a filter that cannot be resolved fail, of every match, over TLS and under a wildcard too; they do not pass without it, until it is taken out',
    support: 'implementation-specific',
    clauses: [
      'filter-extensionref-unresolved-not-skipped',
      'filter-extensionref-unresolved-error',
      'filter-extensionref-other-rules-work',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3'],
    guards: ['kumahq/kuma#18297', 'kubernetes-sigs/cloud-provider-kind#439'],
  },
  async (t) => {
    await t.apply();
    await t.callMust({ host, method: echo }, { backend: 'v1' });

    const call = { host, method: probe };
    // What happens to one call in 50 shows among 150 with probability 1 - 0.98^150 = 95 %.
    const [first] = await failing(t, call, 150);
    await failing(t, { host, method: 'routeproof.v1.Probe/ServerStream' });
    await failing(t, { ...call, tls: true });
    const wide = { host: 'a.many.example.com' };
    await t.callMust({ ...wide, method: echo }, { backend: 'v1' });
    await failing(t, { ...wide, method: probe });
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
    t.note(`calls end with ${first?.statusName ?? '?'}; the route says ${conditions.join(', ')}`);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'unknown-extension' }, ({ spec }) => {
      for (const rule of spec.rules ?? []) {
        delete rule.filters;
        for (const ref of rule.backendRefs ?? []) delete ref.filters;
      }
    });
    await t.routeMustBeAccepted('unknown-extension');
    await t.callMust(call, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'v3' });
  },
);

async function failing(t: Scenario, call: Call, times = 10): Promise<CallResult[]> {
  const results = await Promise.all(Array.from({ length: times }, () => t.call(call)));
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
  return results;
}
