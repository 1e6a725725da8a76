import { expect, scenario } from '../../harness/index.ts';
import type { Call } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';
import { entriesOf, type Route } from '../shapes.ts';
import { heavierMustAnswer } from '../weight/shares.ts';

const host = 'alike.example.com';
const places: Pick<Call, 'port' | 'tls'>[] = [{ port: 80 }, { port: 8080 }, { port: 443, tls: true }];

scenario(
  {
    id: 'listener/alike',
    title:
      'Headers, precedence, filters, weights and edits of a route hold on every listener alike, and a host may differ from one to the next',
    support: 'core',
    clauses: [
      'header-exact-value',
      'header-missing-does-not-match',
      'filter-core-supported',
      'filter-request-header-set',
      'weight-proportional',
      'precedence-not-listing-order',
      'grpcroute-update-takes-effect',
      'parentref-sectionname-omitted-all-listeners',
      'parentref-sectionname-selects-listener',
      'status-entries-only-for-declared-refs',
      'status-no-duplicate-entries',
      'listener-attachedroutes-count',
    ],
    guards: ['envoyproxy/gateway#7559'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'edge-cert' }, [host]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const route of ['everywhere', 'on-80', 'on-8080']) await t.routeMustBeAccepted(route);

    await t.check(
      'the route on every listener has one entry, as it has one parentRef',
      async () => {
        const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'everywhere' });
        expect(entriesOf(route, t.controllerName)).to.have.length(1);
      },
      'status',
    );
    await t.listenerMustHaveAttachedRoutes('edge', 'https', 1);
    for (const place of places) {
      const call = { host, ...place };
      await t.callMust({ ...call, metadata: { version: 'two' } }, { backend: 'v2' });
      const { received } = await t.callMust(call, { backend: 'v1' });
      await t.check(
        `the filter works on port ${String(place.port)}`,
        () => expect(received.get('x-edited')).to.deep.equal(['yes']),
        'routed',
      );
      await heavierMustAnswer(t, { ...call, method: probeTwo }, { heavy: 'v2', light: 'v1' });
    }
    await t.update<Route>({ kind: 'GRPCRoute', name: 'everywhere' }, ({ spec }) => {
      for (const { matches = [] } of spec.rules ?? [])
        for (const { headers = [] } of matches) for (const header of headers) header.value = 'three';
    });
    for (const place of places)
      await t.callMust({ host, ...place, metadata: { version: 'three' } }, { backend: 'v2' });
    await t.routeMustBeAccepted('on-dotted');
    await t.callMust({ host: 'dotted.example.com', port: 8081 }, { backend: 'v2' });
    await t.callMust({ host: 'apart.example.com', port: 80 }, { backend: 'v1' });
    await t.callMust({ host: 'apart.example.com', port: 8080 }, { backend: 'v2' });
  },
);
