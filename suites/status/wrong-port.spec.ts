import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const noParent = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'status/wrong-port',
    title:
      'A parentRef port that no listener has, or not the named one, is NoMatchingParent and serves nothing',
    support: 'extended',
    features: ['HTTPRouteParentRefPort'],
    clauses: ['parentref-port-not-found', 'parentref-port-and-sectionname-both', 'status-nomatchingparent'],
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
      for (const parentRef of spec.parentRefs ?? []) parentRef.port = 80;
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust({ host: 'checkout.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'checkout.example.com', tls: true }, unserved, 3);
  },
);
