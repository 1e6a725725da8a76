import { scenario } from '../../harness/index.ts';

const checkout = { host: 'checkout.example.com' };
const search = { host: 'search.example.com' };
const refused = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'cross-namespace/allowed-routes-selector',
    title:
      'A selector admits namespaces by their labels, and a label that changes later attaches and detaches routes',
    support: 'core',
    clauses: [
      'listener-namespaces-selector',
      'listener-namespaces-selector-live',
      'parentref-cross-namespace-allowed',
      'listener-attachedroutes-decrements',
    ],
    guards: ['envoyproxy/gateway#8876'],
    backends: ['team/v1', 'store/v1'],
  },
  async (t) => {
    const label = (name: string, labels: Record<string, string>) =>
      t.update({ kind: 'Namespace', name }, ({ metadata }) => {
        if (metadata !== undefined) metadata.labels = { ...metadata.labels, ...labels };
      });
    await t.apply();
    await t.gatewayMustBeProgrammed('platform');
    await t.routeMustBeAccepted('checkout', { namespace: 'team' });
    await t.routeMustHaveCondition('search', refused, { namespace: 'store' });
    await t.listenerMustHaveAttachedRoutes('platform', 'labelled', 1);
    await t.callMust(checkout, { backend: 'team/v1' });
    await t.callMustAlways(search, unserved);

    await label('store', { 'gateway-access': 'granted' });
    await t.routeMustBeAccepted('search', { namespace: 'store' });
    await t.callMust(search, { backend: 'store/v1' });
    await t.listenerMustHaveAttachedRoutes('platform', 'labelled', 2);

    await label('team', { suspended: 'yes' });
    await t.routeMustHaveCondition('checkout', refused, { namespace: 'team' });
    await t.listenerMustHaveAttachedRoutes('platform', 'labelled', 1);
    await t.callMust(checkout, unserved);
    await t.callMustAlways(search, { backend: 'store/v1' });
  },
);
