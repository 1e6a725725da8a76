import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { entriesOf, listenerOf } from '../shapes.ts';
import type { Gateway, Route } from '../shapes.ts';
import {
  entryMustBeConflicted,
  entryOf,
  parentMustHaveCondition,
  setMustBeProgrammed,
  setRef,
} from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const gateway = 'edge';
const accepted = { type: 'Accepted', status: 'True' } as const;
const nowhere = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' } as const;
const set = (sectionName: string) => ({ kind: 'ListenerSet', name: 'team', sectionName });
const edge = (sectionName: string) => ({ name: 'edge', sectionName });

scenario(
  {
    id: 'listener-set/parents',
    title:
      'A Gateway and its ListenerSet are two parents, each judged, counted and reported by itself, also under one name; what has the name but not the kind of a Gateway is none',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-dual-parents-independent',
      'listenerset-serves-traffic',
      'listenerset-gateway-section-not-found',
      'listenerset-attachedroutes',
      'listenerset-gateway-listeners-not-listed',
      'listenerset-duplicate-names-across-sets',
      'listenerset-gateway-parent-excludes-sets',
      'status-entries-only-for-declared-refs',
      'status-entry-per-parentref',
      'listenerset-foreign-class-ignored',
      'listenerset-hostname-conflict-conditions',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'team');
    await parentMustHaveCondition(t, 'both', edge('http'), accepted);
    await parentMustHaveCondition(t, 'both', set('http'), accepted);
    await parentMustHaveCondition(t, 'half', edge('http'), accepted);
    await parentMustHaveCondition(t, 'half', set('nowhere'), nowhere);
    await parentMustHaveCondition(t, 'other-half', edge('more'), nowhere);
    await parentMustHaveCondition(t, 'other-half', set('more'), accepted);
    await t.routeMustBeAccepted('set-only');
    // The ListenerSet of the Gateway's own name is another parent.
    await setMustBeProgrammed(t, 'edge');
    await entryMustBeConflicted(t, 'edge', 'twin', 'HostnameConflict');
    await t.listenerMustHaveCondition('edge', 'http', { type: 'Programmed', status: 'True' });
    await parentMustHaveCondition(t, 'namesakes', edge('spare'), accepted);
    await parentMustHaveCondition(t, 'namesakes', { kind: 'ListenerSet', ...edge('spare') }, accepted);

    await t.listenerMustHaveAttachedRoutes('edge', 'http', 2);
    await t.until<ListenerSet>(
      setRef('team'),
      'attachedRoutes is 1 on http and 2 on more',
      (object) =>
        entryOf(object, 'http')?.attachedRoutes === 1 && entryOf(object, 'more')?.attachedRoutes === 2,
      'status',
    );
    await t.check(
      'the Gateway and the ListenerSet each list their own listeners only',
      async () => {
        const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
        const team = await t.get<ListenerSet>(setRef('team'));
        expect(gateway.status?.listeners?.map(({ name }) => name)).to.have.members(['http', 'spare']);
        expect(listenerOf(gateway, 'more')).to.equal(undefined);
        expect(team.status?.listeners?.map(({ name }) => name)).to.have.members(['http', 'more']);
      },
      'status',
    );
    await t.check(
      'the route of the ListenerSet has one entry, for the ListenerSet',
      async () => {
        const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'set-only' });
        const parents = entriesOf(route, t.controllerName).map(({ parentRef }) => parentRef);
        expect(parents.map(({ kind, name }) => `${kind ?? ''} ${name}`)).to.deep.equal(['ListenerSet team']);
      },
      'status',
    );
    for (const host of ['gw.example.com', 'team.example.com', 'more.example.com']) {
      await t.callMust({ gateway, host }, { backend: 'v1' });
    }
    for (const host of ['spare.example.com', 'namesake.example.com'])
      await t.callMust({ gateway, host }, { backend: 'v1' });
    await t.update<Route>({ kind: 'GRPCRoute', name: 'namesakes' }, ({ spec }) => {
      spec.parentRefs = (spec.parentRefs ?? []).filter(({ kind }) => kind !== 'ListenerSet');
    });
    await t.until<Route>(
      { kind: 'GRPCRoute', name: 'namesakes' },
      'one entry, for the Gateway',
      (route) => {
        const kinds = entriesOf(route, t.controllerName).map(({ parentRef }) => parentRef.kind ?? 'Gateway');
        return kinds.join() === 'Gateway';
      },
      'status',
    );
    await t.remove({ kind: 'GRPCRoute', name: 'half' });
    await t.remove({ kind: 'GRPCRoute', name: 'both' });
    await t.listenerMustHaveAttachedRoutes('edge', 'http', 0);
    await t.barrier({ gateway });
    await t.callMustAlways({ gateway, host: 'gw.example.com' }, refused);
    await t.callMustAlways({ gateway, host: 'team.example.com' }, refused);
    await t.callMustAlways({ gateway, host: 'namesake.example.com' }, refused);
    await t.callMustAlways({ gateway, host: 'spare.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ gateway, host: 'more.example.com' }, { backend: 'v1' });
    await t.check(
      'nothing is said of a ListenerSet whose Gateway is of the class of another controller',
      async () => {
        const { status } = await t.get<ListenerSet>(setRef('elsewhere'));
        const said = (status?.conditions ?? []).filter((each) => each.status !== 'Unknown');
        expect(said).to.deep.equal([]);
        expect(status?.listeners ?? []).to.deep.equal([]);
      },
      'status',
    );
    for (const host of ['no-gateway.example.com', 'foreign.example.com'])
      await t.callMustAlways({ gateway, host }, refused);
  },
);
