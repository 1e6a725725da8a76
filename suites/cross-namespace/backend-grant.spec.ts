import { expect, scenario, type KubernetesObject } from '../../harness/index.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { ReferenceGrant, Route } from '../shapes.ts';
import { echo, echoTwo } from '../methods.ts';

const toStock = { host: 'checkout.example.com' };
const toLocal = { host: 'checkout.example.com', method: 'routeproof.v1.ProbeTwo/Unary' };
const toNamesake = { host: 'checkout.example.com', method: echo };
const restock = { host: 'restock.example.com' };
const toSpares = { host: 'checkout.example.com', method: echoTwo };
const forOthers: KubernetesObject & Pick<ReferenceGrant, 'spec'> = {
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'routes-to-services', namespace: 'store' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'somebody-else' }],
    to: [{ group: '', kind: 'Service' }],
  },
};
const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
const refused = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;

scenario(
  {
    id: 'cross-namespace/backend-grant',
    title:
      'A backend in another namespace is served while a ReferenceGrant permits it, not before and not after, once it is back, as long as one of two does, and not while that permits less',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'refgrant-required',
      'refgrant-addition-enables',
      'refgrant-removal-revokes',
      'refgrant-edit-recomputed',
      'refgrant-multiple-grants-additive',
      'refgrant-from-entries-ored',
      'refgrant-to-entries-ored',
      'refgrant-grpcroute-core-kind',
      'refgrant-empty-group-is-core',
      'backend-service-forwarding',
      'backend-cross-namespace-denied-status',
      'backend-cross-namespace-denied-message',
      'backend-cross-namespace-denied-unavailable',
      'backend-invalid-keeps-accepted',
      'backend-invalid-other-rules-ok',
      'backend-endpoints-follow',
      'filter-request-header-set',
    ],
    guards: ['nginx/nginx-gateway-fabric#2333'],
    backends: ['v1', 'store/stock', 'store-stock', 'depot/spares'],
    manifests: ['backend-grant.yaml', 'backend-grant.grant.yaml', 'backend-grant.second.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', refused);
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.callMust(toLocal, { backend: 'v1' });
    await t.callMust(toNamesake, { backend: 'store-stock' });
    // What happens to one call in 50 shows among 150 with probability 1 - 0.98^150 = 95 %.
    await t.callMustAlways(toStock, { status: 'UNAVAILABLE', backend: null }, 150);
    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'checkout' });
    await t.check(
      'the message names the reference',
      () => {
        const condition = conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'ResolvedRefs');
        expect(condition?.message).to.contain('stock');
      },
      'status',
    );

    await t.apply('backend-grant.grant.yaml');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(toStock, { backend: 'store/stock' });
    await t.callMustAlways(toStock, {
      backend: 'store/stock',
      also: ({ received }) => expect(received.get('x-edited')).to.deep.equal(['on its way']),
    });
    await t.callMustAlways(toNamesake, { backend: 'store-stock' }, 3);
    await t.callMust(toSpares, { backend: 'depot/spares' });
    await t.routeMustBeAccepted('restock');
    await t.callMust(restock, { backend: 'store/stock' });

    await t.remove({ kind: 'ReferenceGrant', name: 'checkout-to-stock', namespace: 'store' });
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(toStock, { status: 'UNAVAILABLE', backend: null });
    await t.routeMustHaveCondition('restock', refused);
    await t.callMust(restock, { status: 'UNAVAILABLE', backend: null });
    await t.callMustAlways(toLocal, { backend: 'v1' });
    await t.callMustAlways(toSpares, { backend: 'depot/spares' }, 3);

    await t.apply('backend-grant.grant.yaml');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(toStock, { backend: 'store/stock' });

    await t.apply('backend-grant.second.yaml');
    await t.remove({ kind: 'ReferenceGrant', name: 'checkout-to-stock', namespace: 'store' });
    await t.barrier();
    await t.routeMustBeAccepted('checkout');
    await t.callMustAlways(toStock, { backend: 'store/stock' });

    const permit = (to: ReferenceGrant['spec']['to']) =>
      t.update<ReferenceGrant>(
        { kind: 'ReferenceGrant', name: 'routes-to-services', namespace: 'store' },
        ({ spec }) => {
          spec.to = to;
        },
      );
    const { spec } = await t.get<ReferenceGrant>({
      kind: 'ReferenceGrant',
      name: 'routes-to-services',
      namespace: 'store',
    });
    await permit([{ group: '', kind: 'Service', name: 'another-one' }]);
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(toStock, { status: 'UNAVAILABLE', backend: null });
    // Of two edits in a row the last one counts.
    await permit([{ group: '', kind: 'Service', name: 'nobody' }]);
    await permit(spec.to);
    for (const route of ['checkout', 'restock']) await t.routeMustBeAccepted(route);
    await t.callMust(toStock, { backend: 'store/stock' });

    // Its Service gets other endpoints over there.
    const { endpoints } = await t.get<EndpointSlice>({ ...slice, name: 'spares', namespace: 'depot' });
    await t.update<EndpointSlice>({ ...slice, name: 'stock', namespace: 'store' }, (object) => {
      object.endpoints = endpoints;
    });
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust(toStock, { backend: 'depot/spares' });
    });

    // What is made again under the name of a grant need not permit what that did.
    await t.remove({ kind: 'ReferenceGrant', name: 'routes-to-services', namespace: 'store' });
    await t.applyObjects(forOthers);
    await t.barrier();
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(toStock, { status: 'UNAVAILABLE', backend: null });
  },
);
