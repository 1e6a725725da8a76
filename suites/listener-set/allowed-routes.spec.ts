import { expect, scenario } from '../../harness/index.ts';
import { entryMustHaveCondition, entryOf, setMustBeProgrammed, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';
import { refused } from '../expected.ts';

const notAllowed = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;

scenario(
  {
    id: 'listener-set/allowed-routes',
    title:
      'allowedRoutes of a ListenerSet means its own namespace with Same, those that it selects, and the kinds that it names, and its edits are followed',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-allowed-routes-namespaces',
      'listenerset-allowed-routes-kinds',
      'listenerset-supportedkinds-grpcroute',
      'listenerset-attachedroutes',
      'listener-attachedroutes-decrements',
      'listener-namespaces-selector',
      'parentref-kind-not-allowed',
      'status-notallowedbylisteners',
      'status-follows-gateway-change',
      'listener-supportedkinds-restricted',
    ],
    backends: ['apps/v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'apps/team');
    await t.routeMustBeAccepted('neighbour', { namespace: 'apps' });
    await t.routeMustBeAccepted('from-everywhere');
    await t.routeMustHaveCondition('of-gateways-namespace', notAllowed);
    await t.routeMustHaveCondition('wrong-kind', notAllowed, { namespace: 'apps' });
    await t.routeMustHaveCondition('not-selected', notAllowed, { namespace: 'apps' });
    await entryMustHaveCondition(t, 'apps/team', 'mixed', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidRouteKinds',
    });
    await entryMustHaveCondition(t, 'apps/team', 'same', { type: 'ResolvedRefs', status: 'True' });
    const team = await t.until<ListenerSet>(
      setRef('apps/team'),
      'attachedRoutes counts one route each on same and all, none on http-only',
      (object) =>
        ['same', 'all', 'http-only'].map((name) => entryOf(object, name)?.attachedRoutes).join() === '1,1,0',
      'status',
    );
    const kinds = (name: string): string[] =>
      (entryOf(team, name)?.supportedKinds ?? []).map(({ kind }) => kind).sort();
    await t.check(
      'supportedKinds holds GRPCRoute unless the listener leaves it out, and nothing unknown',
      () => {
        expect(kinds('same')).to.include('GRPCRoute');
        expect(kinds('mixed')).to.deep.equal(['GRPCRoute']);
        expect(kinds('http-only')).to.not.include('GRPCRoute');
      },
      'status',
    );
    await t.callMust({ host: 'same.example.com' }, { backend: 'apps/v1' });
    await t.callMust({ host: 'all.example.com' }, { backend: 'v2' });
    await t.barrier();
    await t.callMustAlways({ host: 'same.example.com' }, { backend: 'apps/v1' });
    await t.callMustAlways({ host: 'http-only.example.com' }, refused);
    await t.callMustAlways({ host: 'selected.example.com' }, refused);

    await t.update({ kind: 'Namespace', name: 'apps' }, ({ metadata }) => {
      if (metadata) metadata.labels = { ...metadata.labels, 'example.com/listener-set': 'nobody' };
    });
    await t.routeMustBeAccepted('not-selected', { namespace: 'apps' });
    await t.callMust({ host: 'selected.example.com' }, { backend: 'apps/v1' });

    await t.update<ListenerSet>(setRef('apps/team'), ({ spec }) => {
      for (const listener of spec.listeners) {
        if (listener.name === 'http-only') listener.allowedRoutes = { kinds: [{ kind: 'GRPCRoute' }] };
        if (listener.name === 'same') listener.allowedRoutes = { kinds: [{ kind: 'HTTPRoute' }] };
        if (listener.name === 'selected' && listener.allowedRoutes?.namespaces !== undefined)
          listener.allowedRoutes.namespaces.selector = {
            matchLabels: { 'example.com/listener-set': 'somebody-else' },
          };
      }
    });
    await t.routeMustBeAccepted('wrong-kind', { namespace: 'apps' });
    for (const route of ['neighbour', 'not-selected'])
      await t.routeMustHaveCondition(route, notAllowed, { namespace: 'apps' });
    await t.until<ListenerSet>(
      setRef('apps/team'),
      'supportedKinds and attachedRoutes follow what is allowed now',
      (object) => {
        const takes = (name: string): boolean =>
          entryOf(object, name)?.supportedKinds?.some(({ kind }) => kind === 'GRPCRoute') === true;
        const count = (name: string): number | undefined => entryOf(object, name)?.attachedRoutes;
        return takes('http-only') && !takes('same') && count('http-only') === 1 && count('same') === 0;
      },
      'status',
    );
    await t.callMust({ host: 'http-only.example.com' }, { backend: 'apps/v1' });
    for (const host of ['same', 'selected']) await t.callMust({ host: `${host}.example.com` }, refused);

    await t.remove({ kind: 'GRPCRoute', name: 'from-everywhere' });
    await t.until<ListenerSet>(
      setRef('apps/team'),
      'attachedRoutes of the listener whose route is gone is 0',
      (object) => entryOf(object, 'all')?.attachedRoutes === 0,
      'status',
    );
  },
);
