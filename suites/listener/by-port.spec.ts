import { scenario } from '../../harness/index.ts';
import { noListener, refused } from '../expected.ts';
import type { Route } from '../shapes.ts';
import { backdate, timesMustHaveMoved, timesMustHaveStayed } from '../transition-times.ts';

const ref = { kind: 'GRPCRoute', name: 'by-port' };
const at = (port: number) => ({ parent: { name: 'edge', port } });
const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;

scenario(
  {
    id: 'listener/by-port',
    title:
      'A parentRef with a port takes every listener of that port; two that differ in it alone are judged each by itself',
    support: 'extended',
    features: ['HTTPRouteParentRefPort'],
    clauses: [
      'parentref-port-selects-listeners',
      'status-entry-per-parentref',
      'status-entries-only-for-declared-refs',
      'parentref-removed-detaches',
      'listener-attachedroutes-per-listener',
      'status-lasttransitiontime-stable',
      'status-lasttransitiontime-on-flip',
    ],
    guards: ['envoyproxy/gateway#10004'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustHaveCondition('by-port', accepted, at(80));
    await t.routeMustHaveCondition(
      'by-port',
      { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname' },
      at(8080),
    );
    for (const [listener, routes] of [
      ['first', 1],
      ['second', 1],
      ['apart', 0],
    ] as const)
      await t.listenerMustHaveAttachedRoutes('edge', listener, routes);
    for (const host of ['first.example.com', 'second.example.com'])
      await t.callMust({ host }, { backend: 'v1' });

    const ages = await backdate(t, ref);
    await t.update<Route>(ref, ({ spec }) => {
      spec.hostnames?.push(t.host('apart.example.com'));
    });
    for (const port of [80, 8080]) await t.routeMustHaveCondition('by-port', accepted, at(port));
    await t.check(
      'the time of the verdict that flipped has moved, and no time of the other entry',
      async () => {
        const route = await t.get<Route>(ref);
        timesMustHaveMoved(t, route, ages, ['edge 8080 Accepted']);
        timesMustHaveStayed(t, route, ages, ['edge 80 Accepted', 'edge 80 ResolvedRefs']);
      },
      'status',
    );
    await t.callMust({ host: 'apart.example.com', port: 8080 }, { backend: 'v1' });
    await t.callMustAlways({ host: 'apart.example.com' }, refused, 3);

    await t.update<Route>(ref, ({ spec }) => {
      spec.parentRefs = (spec.parentRefs ?? []).filter(({ port }) => port === 8080);
    });
    await t.routeMustHaveNoParent('by-port', at(80));
    for (const listener of ['first', 'second']) await t.listenerMustHaveAttachedRoutes('edge', listener, 0);
    // Whether the port is open at all is not said: no route is attached there.
    for (const host of ['first.example.com', 'second.example.com']) await t.callMust({ host }, noListener);
    await t.callMustAlways({ host: 'apart.example.com', port: 8080 }, { backend: 'v1' }, 3);
  },
);
