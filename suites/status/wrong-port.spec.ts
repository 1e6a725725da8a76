import { expect, scenario } from '../../harness/index.ts';
import { entriesOf, type Route } from '../shapes.ts';

const noParent = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'status/wrong-port',
    title:
      'A parentRef port that no listener has, or not the named one, is NoMatchingParent and serves nothing',
    support: 'extended',
    features: ['HTTPRouteParentRefPort'],
    clauses: [
      'parentref-port-not-found',
      'parentref-port-and-sectionname-both',
      'status-entry-echoes-parentref',
      'status-nomatchingparent',
    ],
    guards: ['Kong/kubernetes-ingress-controller#5411'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', noParent);
    await t.routeMustHaveCondition('unused-port', noParent);
    await t.barrier();
    await t.callMustAlways({ host: 'checkout.example.com' }, unserved, 3);
    await t.callMustAlways({ host: 'unused-port.example.com' }, unserved, 3);
    await t.callMustAlways({ host: 'checkout.example.com', tls: true }, unserved, 3);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
      for (const parentRef of spec.parentRefs ?? []) parentRef.port = 443;
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust({ host: 'checkout.example.com', tls: true }, { backend: 'v1' });
    await t.callMustAlways({ host: 'checkout.example.com' }, unserved, 3);
    await t.check(
      'entries repeat the port of their parentRef',
      async () => {
        for (const [name, port] of [
          ['checkout', 443],
          ['unused-port', 9999],
        ] as const) {
          const entries = entriesOf(await t.get<Route>({ kind: 'GRPCRoute', name }), t.controllerName);
          expect(
            entries.map(({ parentRef }) => parentRef.port),
            name,
          ).to.deep.equal([port]);
        }
      },
      'status',
    );
  },
);
