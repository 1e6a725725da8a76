import { expect, scenario, type CallResult } from '../../harness/index.ts';
import { noListener, refused } from '../expected.ts';
import { entriesOf } from '../shapes.ts';
import type { Gateway, Route } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';

const gateway = 'edge';
const call = (route: string) => ({ gateway, host: `${route}.example.com` });
const routeRef = (name: string) => ({ kind: 'GRPCRoute', name });
const gatewayRef = { kind: 'Gateway', name: gateway };

scenario(
  {
    id: 'gateway/controller-replaced',
    title:
      'A new controller takes over what is there: no call is lost, no condition gets a new time, and what changed while there was none takes effect',
    support: 'core',
    clauses: [
      'backend-service-forwarding',
      'status-lasttransitiontime-stable',
      'status-removed-parentref-cleaned',
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
      'status-steady-state-quiet',
    ],
    backends: ['v1', 'v2'],
    quiet: true,
    replacesController: true,
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed(gateway);
    for (const route of ['steady', 'moving', 'leaving', 'detached']) {
      await t.routeMustBeAccepted(route);
      await t.callMust(call(route), { backend: 'v1' });
    }
    await t.listenerMustHaveAttachedRoutes(gateway, 'http', 4);
    const ofRoute = await backdate(t, routeRef('steady'));
    const ofGateway = await backdate(t, gatewayRef);
    const calls = steadyCalls(t, call('steady'), 1);
    let results: CallResult[] = [];
    try {
      await t.replaceController(async () => {
        await t.update<Route>(routeRef('moving'), ({ spec }) => {
          for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v2', port: 9000 }];
        });
        await t.update<Route>(routeRef('detached'), ({ spec }) => {
          spec.parentRefs = spec.parentRefs?.filter(({ sectionName }) => sectionName === 'http') ?? [];
        });
        await t.remove(routeRef('leaving'));
      });
      await t.callMust(call('moving'), { backend: 'v2' });
      await t.callMust(call('leaving'), refused);
      await t.callMust({ ...call('detached'), port: 8080 }, noListener);
      await t.until<Route>(
        routeRef('detached'),
        'one entry: for the listener that the route still names',
        (route) =>
          entriesOf(route, t.controllerName)
            .map(({ parentRef }) => parentRef.sectionName)
            .join() === 'http',
      );
      await t.listenerMustHaveAttachedRoutes(gateway, 'http', 3);
      await t.listenerMustHaveAttachedRoutes(gateway, 'spare', 0);
    } finally {
      results = await calls.stop();
    }
    await t.check('no call was lost', () => expect(lost(results)).to.deep.equal([]), 'connect');
    // The counts above are what the new one has written.
    const route = await t.get<Route>(routeRef('steady'));
    const edge = await t.get<Gateway>(gatewayRef);
    const verdicts = (ids: Iterable<string>): string[] =>
      [...ids].filter((id) => /(Accepted|ResolvedRefs)$/.test(id));
    await t.check(
      'what says the same as before says so since then',
      () => {
        timesMustHaveStayed(t, route, ofRoute, verdicts(ofRoute.keys()));
        timesMustHaveStayed(t, edge, ofGateway, verdicts(ofGateway.keys()));
      },
      'status',
    );
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'the Gateway and its listeners were programmed all the time',
        () => {
          const programmed = [...ofGateway.keys()].filter((id) => id.endsWith('Programmed'));
          timesMustHaveStayed(t, edge, ofGateway, programmed);
        },
        'status',
      ),
    );
  },
);
