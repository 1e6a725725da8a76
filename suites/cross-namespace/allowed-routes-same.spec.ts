import { scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';

const refused = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;

scenario(
  {
    id: 'cross-namespace/allowed-routes-same',
    title:
      'Without allowedRoutes a listener takes routes of its own namespace only, until it is edited; a ReferenceGrant changes nothing',
    support: 'core',
    clauses: [
      'listener-namespaces-default-same',
      'listener-namespaces-selector-ignored',
      'parentref-cross-namespace-denied',
      'parentref-no-listener-accepts-detached',
      'parentref-partial-listener-acceptance',
      'parentref-referencegrant-not-consulted',
      'status-notallowedbylisteners',
      'status-nomatchingparent',
      'status-follows-gateway-change',
    ],
    backends: ['v1', 'team/v1'],
    manifests: ['allowed-routes-same.yaml', 'allowed-routes-same.grant.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('platform');
    await t.routeMustBeAccepted('local');
    await t.callMust({ host: 'local.example.com' }, { backend: 'v1' });

    await t.routeMustHaveCondition('foreign', refused, { namespace: 'team' });
    await t.routeMustHaveCondition(
      'astray',
      { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' },
      { namespace: 'team' },
    );
    await t.routeMustBeAccepted('anywhere', { namespace: 'team' });
    await t.callMust({ host: 'anywhere.example.com', port: 8080 }, { backend: 'team/v1' });
    await t.listenerMustHaveAttachedRoutes('platform', 'own', 1);
    await t.listenerMustHaveAttachedRoutes('platform', 'open', 1);
    await t.callMustAlways({ host: 'foreign.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
    await t.callMustAlways({ host: 'anywhere.example.com' }, { status: 'UNIMPLEMENTED', backend: null });

    await t.apply('allowed-routes-same.grant.yaml');
    await t.barrier({ listener: 'own' });
    await t.routeMustHaveCondition('foreign', refused, { namespace: 'team' });
    await t.listenerMustHaveAttachedRoutes('platform', 'own', 1);
    await t.callMustAlways({ host: 'foreign.example.com' }, { status: 'UNIMPLEMENTED', backend: null });

    await t.remove({ kind: 'HTTPRoute', name: 'squatter', namespace: 'team' });
    const admit = (from: string) =>
      t.update<Gateway>({ kind: 'Gateway', name: 'platform' }, ({ spec }) => {
        for (const listener of spec.listeners)
          if (listener.name === 'own') listener.allowedRoutes = { namespaces: { from } };
      });
    await admit('All');
    await t.routeMustBeAccepted('foreign', { namespace: 'team' });
    await t.callMust({ host: 'foreign.example.com' }, { backend: 'team/v1' });
    await admit('Same');
    await t.routeMustHaveCondition('foreign', refused, { namespace: 'team' });
    await t.callMust({ host: 'foreign.example.com' }, { status: 'UNIMPLEMENTED', backend: null });
    await t.callMustAlways({ host: 'local.example.com' }, { backend: 'v1' }, 3);
  },
);
