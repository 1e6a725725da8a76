import { scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { echo } from '../methods.ts';
import type { Gateway, Route } from '../shapes.ts';

const checkout = { host: 'checkout.example.com' };
const search = { host: 'search.example.com' };
const refused = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };

/** `team` has the labels `tier: gold` and `reviewed: ''`, `store` has neither. */
const admits: Record<string, string[]> = {
  'in-list': ['team'],
  'not-in-list': ['store'],
  'not-in-another-list': ['team', 'store'],
  'key-exists': ['team'],
  'two-of-them': [],
  whoever: ['team', 'store'],
};

async function judgedBySelectors(t: Scenario): Promise<void> {
  const accepted = { type: 'Accepted', status: 'True' } as const;
  for (const [sectionName, admitted] of Object.entries(admits))
    for (const namespace of ['team', 'store']) {
      const parent = { name: 'platform', namespace: 'default', sectionName };
      const verdict = admitted.includes(namespace) ? accepted : refused;
      await t.routeMustHaveCondition('everywhere', verdict, { namespace, parent });
    }
}

scenario(
  {
    id: 'cross-namespace/allowed-routes-selector',
    title:
      'A selector admits namespaces by their labels, with every operator, and labels, namespaces and selectors that come, change and go later attach and detach routes',
    support: 'core',
    clauses: [
      'listener-namespaces-selector',
      'listener-namespaces-selector-live',
      'parentref-cross-namespace-allowed',
      'listener-attachedroutes-count',
      'listener-attachedroutes-decrements',
      'precedence-oldest-route',
    ],
    guards: ['envoyproxy/gateway#8876'],
    backends: ['v1', 'team/v1', 'store/v1'],
    manifests: ['allowed-routes-selector.yaml', 'allowed-routes-selector.late.yaml'],
  },
  async (t) => {
    const label = (name: string, labels: Record<string, string>) =>
      t.update({ kind: 'Namespace', name }, ({ metadata }) => {
        if (metadata !== undefined) metadata.labels = { ...metadata.labels, ...labels };
      });
    await t.apply();
    await t.gatewayMustBeProgrammed('platform');
    await t.routeMustBeAccepted('checkout', { namespace: 'team' });
    await judgedBySelectors(t);
    await t.routeMustHaveCondition('at-home', refused);
    // Of two namespaces, and of one name.
    await t.listenerMustHaveAttachedRoutes('platform', 'not-in-another-list', 2);
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

    await label('store', { 'gateway-access': 'denied' });
    await t.routeMustHaveCondition('search', refused, { namespace: 'store' });
    await t.callMust(search, unserved);
    // Of two edits in a row the last one counts.
    await label('store', { 'gateway-access': 'asked-for' });
    await label('store', { 'gateway-access': 'granted' });
    await t.routeMustBeAccepted('search', { namespace: 'store' });
    await t.update({ kind: 'Namespace', name: 'store' }, ({ metadata }) => {
      delete metadata?.labels?.['gateway-access'];
    });
    await t.routeMustHaveCondition('search', refused, { namespace: 'store' });
    await t.callMust(search, unserved);

    await laterSecond(t);
    await t.apply('allowed-routes-selector.late.yaml');
    await t.routeMustHaveCondition(
      'latecomer',
      { type: 'Accepted', status: 'True' },
      { namespace: 'newcomers' },
    );

    // A namespace that is deleted and made again is another one of the same name, with labels of its own.
    const { spec } = await t.get<Route>({ kind: 'GRPCRoute', name: 'latecomer', namespace: 'newcomers' });
    await t.listenerMustHaveAttachedRoutes('platform', 'labelled', 1);
    await t.remove({ kind: 'Namespace', name: 'newcomers' });
    await t.listenerMustHaveAttachedRoutes('platform', 'labelled', 0);
    const latecomer: Route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'latecomer', namespace: 'newcomers' },
      spec,
    };
    const unlabelled = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'newcomers' } };
    await t.applyObjects(unlabelled, latecomer);
    await t.routeMustHaveCondition('latecomer', refused, { namespace: 'newcomers' });
    await t.apply('allowed-routes-selector.late.yaml');
    await t.routeMustHaveCondition(
      'latecomer',
      { type: 'Accepted', status: 'True' },
      { namespace: 'newcomers' },
    );

    // It is younger than the routes that it ties with, if at home where the Gateway is.
    await t.routeMustBeAccepted('young-and-at-home');
    await t.callMust({ host: 'whoever.example.com', method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host: 'whoever.example.com' }, { backend: ['team/v1', 'store/v1'] });

    await t.update<Gateway>({ kind: 'Gateway', name: 'platform' }, ({ spec }) => {
      for (const { name, allowedRoutes } of spec.listeners)
        if (name === 'in-list' && allowedRoutes?.namespaces !== undefined)
          allowedRoutes.namespaces.selector = {
            // Every namespace has that label, and nobody has to write it.
            matchLabels: { 'kubernetes.io/metadata.name': t.namespace('store') },
          };
    });
    const parent = { name: 'platform', namespace: 'default', sectionName: 'in-list' };
    await t.routeMustHaveCondition('everywhere', refused, { namespace: 'team', parent });
    await t.routeMustHaveCondition(
      'everywhere',
      { type: 'Accepted', status: 'True' },
      { namespace: 'store', parent },
    );
  },
);
