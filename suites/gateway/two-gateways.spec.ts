import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { noListener } from '../expected.ts';
import { probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';
import { heavierMustAnswer } from '../weight/shares.ts';

const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };
const gateways = ['public', 'public-inner'];
const both = { host: 'both.example.com' };
const internalOnly = { host: 'internal-only.example.com' };

scenario(
  {
    id: 'gateway/two-gateways',
    title:
      'Two Gateways share a route and nothing else: both follow its edits, endpoints, certificate and deletion; leaving one of them, coming back and its deletion do not touch the other',
    support: 'core',
    clauses: [
      'parentref-multiple-gateways-independent',
      'parentref-removed-detaches',
      'parentref-unsupported-kind-ignored',
      'status-entry-per-parentref',
      'status-removed-parentref-cleaned',
      'listener-attachedroutes-decrements',
      'listener-attachedroutes-count',
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
      'backend-endpoints-follow',
      'tls-terminate-secret',
      'header-exact-value',
      'weight-proportional',
      'precedence-not-listing-order',
      'status-gateway-deleted-cleaned',
      'status-lasttransitiontime-stable',
    ],
    guards: [
      'envoyproxy/gateway#4264',
      'kgateway-dev/kgateway#14293',
      'envoyproxy/gateway#9023',
      'envoyproxy/gateway#5656',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const parent = (name: string) => ({ parent: { name } });
    const ca = await t.tlsSecret({ name: 'shared-cert' }, [both.host]);
    await pointTo(t, 'pool', 'v1');
    await t.apply();
    const addresses = [
      await t.gatewayMustBeProgrammed('public'),
      await t.gatewayMustBeProgrammed('public-inner'),
    ];
    await t.check(
      'the Gateways have an address each',
      () => expect(new Set(addresses).size).to.equal(2),
      'programmed',
    );
    await t.routeMustHaveCondition('both', accepted, parent('public'));
    await t.routeMustHaveCondition('both', accepted, parent('public-inner'));
    await t.routeMustBeAccepted('internal-only');
    await t.callMust({ gateway: 'public', ...both }, { backend: 'v1' });
    await t.callMust({ gateway: 'public-inner', ...both }, { backend: 'v1' });
    await t.callMust({ gateway: 'public-inner', ...internalOnly }, { backend: 'v2' });
    for (const gateway of gateways) {
      await t.callMust({ gateway, ...both, method: probeTwo }, { backend: 'v1' });
      await t.callMust({ gateway, ...both, tls: { ca } }, { backend: 'v1' });
      const canary = { gateway, ...both, metadata: { env: 'canary' } };
      await heavierMustAnswer(t, canary, { heavy: 'v2', light: 'v1' });
    }
    await t.listenerMustHaveAttachedRoutes('public', 'http', 1);
    await t.listenerMustHaveAttachedRoutes('public-inner', 'http', 2);
    await t.callMustAlways({ gateway: 'public', ...internalOnly }, unserved, 3);

    // What one of them refuses the other may serve.
    const half = { host: 'half.example.com', port: 8081 };
    const noHostname = { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname' } as const;
    await t.routeMustHaveCondition('half', noHostname, parent('public'));
    await t.routeMustHaveCondition('half', accepted, parent('public-inner'));
    await t.callMust({ gateway: 'public-inner', ...half }, { backend: 'v1' });
    // Whether the port is open at all is not said: no route is attached there.
    await t.callMustAlways({ gateway: 'public', ...half }, noListener, 3);

    // What both use is one object, whose change each of them has to notice.
    const renewed = await t.tlsSecret({ name: 'shared-cert' }, [both.host]);
    for (const gateway of gateways)
      await t.callMust({ gateway, ...both, tls: { ca: renewed } }, { backend: 'v1' });
    await t.implied(['backend-endpoints-follow'], async () => {
      await pointTo(t, 'pool', 'v2');
      for (const gateway of gateways)
        await t.callMust({ gateway, ...both, method: probeTwo }, { backend: 'v2' });
    });
    for (const backend of ['v2', 'v1']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'both' }, ({ spec }) => {
        for (const ref of spec.rules?.[0]?.backendRefs ?? []) ref.name = backend;
      });
      for (const gateway of gateways) await t.callMust({ gateway, ...both }, { backend });
    }

    const ages = await backdate(t, { kind: 'GRPCRoute', name: 'both' });
    const mustHaveKeptTimes = () =>
      t.check(
        'what the Gateway says that stays is so since it was',
        async () => {
          const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'both' });
          const ofInner = ['Accepted', 'ResolvedRefs'].map((type) => `public-inner ${type}`);
          timesMustHaveStayed(t, route, ages, ofInner);
        },
        'status',
      );
    await t.update<Route>({ kind: 'GRPCRoute', name: 'both' }, ({ spec }) => {
      spec.parentRefs = [{ name: 'public-inner' }];
    });
    await t.routeMustHaveNoParent('both', parent('public'));
    await t.listenerMustHaveAttachedRoutes('public', 'http', 0);
    await t.callMust({ gateway: 'public', ...both }, unserved);
    await t.routeMustHaveCondition('both', accepted, parent('public-inner'));
    await mustHaveKeptTimes();
    await t.callMustAlways({ gateway: 'public-inner', ...both }, { backend: 'v1' }, 3);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'both' }, ({ spec }) => {
      spec.parentRefs = [{ name: 'public' }, { name: 'public-inner' }];
    });
    await t.routeMustHaveCondition('both', accepted, parent('public'));
    await mustHaveKeptTimes();
    await t.callMust({ gateway: 'public', ...both }, { backend: 'v1' });

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'both' });
    await t.remove({ kind: 'GRPCRoute', name: 'both' });
    for (const gateway of gateways) await t.callMust({ gateway, ...both }, unserved);
    const { metadata: _metadata, status: _status, ...again } = route;
    await t.applyObjects({ ...again, metadata: { name: 'both' } });
    for (const gateway of gateways) await t.callMust({ gateway, ...both }, { backend: 'v1' });
    await t.listenerMustHaveAttachedRoutes('public', 'http', 1);
    await t.listenerMustHaveAttachedRoutes('public-inner', 'http', 2);

    await t.remove({ kind: 'Gateway', name: 'public' });
    await t.implied(['status-gateway-deleted-cleaned'], () =>
      t.routeMustHaveNoParent('both', parent('public')),
    );
    await t.barrier({ gateway: 'public-inner' });
    await t.routeMustHaveCondition('both', accepted, parent('public-inner'));
    await t.callMustAlways({ gateway: 'public-inner', ...both }, { backend: 'v1' }, 3);
  },
);
