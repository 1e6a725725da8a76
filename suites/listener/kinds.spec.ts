import { expect, scenario } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import { listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const refused = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'listener/kinds',
    title:
      'A listener for GRPCRoutes, alone or beside others, serves them, one for HTTPRoutes takes none, and status and traffic agree, whatever routes of the other kind are called and whatever hostnames they have',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'listener-kinds-grpcroute-accepted',
      'listener-supportedkinds-restricted',
      'parentref-kind-not-allowed',
      'parentref-partial-listener-acceptance',
      'parentref-no-listener-accepts-detached',
      'hostname-conflict-per-listener',
      'status-notallowedbylisteners',
      'grpcroute-delete-stops-traffic',
      'status-entry-per-parentref',
      'status-follows-gateway-change',
    ],
    guards: [
      'cilium/cilium#44824',
      'nginx/nginx-gateway-fabric#2299',
      'kubernetes-sigs/gateway-api#3757',
      'envoyproxy/gateway#8876',
      'cilium/cilium#46359',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('rpc');
    await t.routeMustHaveCondition('rpc-to-http-only', refused);
    for (const route of ['rpc', 'aa-refused'])
      await t.routeMustHaveCondition(route, refused, { kind: 'HTTPRoute' });
    await t.listenerMustHaveAttachedRoutes('edge', 'grpc-only', 1);
    await t.listenerMustHaveAttachedRoutes('edge', 'http-only', 0);
    await t.routeMustBeAccepted('rpc-to-both');
    await t.callMust({ host: 'both.example.com', port: 8081 }, { backend: 'v1' });
    await t.check(
      'supportedKinds repeats the kinds that were allowed',
      async () => {
        const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
        expect(listenerOf(gateway, 'grpc-only')?.supportedKinds?.map(({ kind }) => kind)).to.deep.equal([
          'GRPCRoute',
        ]);
        expect(listenerOf(gateway, 'http-only')?.supportedKinds?.map(({ kind }) => kind)).to.deep.equal([
          'HTTPRoute',
        ]);
        expect(listenerOf(gateway, 'both')?.supportedKinds?.map(({ kind }) => kind)).to.have.members([
          'GRPCRoute',
          'HTTPRoute',
        ]);
      },
      'status',
    );

    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'pages.example.com' }, unserved, 3);
    await t.barrier({ gateway: 'edge', listener: 'grpc-only' });
    // Whether that port is open at all is not said: no route is attached there.
    await t.callMustAlways({ host: 'rpc.example.com', port: 8080 }, noListener, 3);

    // The GRPCRoute of its name is another route.
    await t.remove({ kind: 'HTTPRoute', name: 'rpc' });
    await t.barrier({ gateway: 'edge', listener: 'grpc-only' });
    await t.callMustAlways({ host: 'rpc.example.com' }, { backend: 'v1' }, 3);
    await t.routeMustBeAccepted('rpc');

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const listener of spec.listeners) {
        if (listener.name === 'http-only') listener.allowedRoutes = { kinds: [{ kind: 'GRPCRoute' }] };
        if (listener.name === 'both') listener.allowedRoutes = { kinds: [{ kind: 'HTTPRoute' }] };
      }
    });
    await t.routeMustBeAccepted('rpc-to-http-only');
    await t.listenerMustHaveAttachedRoutes('edge', 'http-only', 2);
    await t.until<Gateway>(
      { kind: 'Gateway', name: 'edge' },
      'supportedKinds follows what is allowed now',
      (gateway) =>
        listenerOf(gateway, 'http-only')
          ?.supportedKinds?.map(({ kind }) => kind)
          .join() === 'GRPCRoute',
      'status',
    );
    await t.callMust({ host: 'astray.example.com', port: 8080 }, { backend: 'v1' });
    await t.callMustAlways({ host: 'astray.example.com' }, unserved, 3);
    await t.routeMustHaveCondition('rpc-to-both', refused);
    await t.listenerMustHaveAttachedRoutes('edge', 'both', 0);
    await t.callMust({ host: 'both.example.com', port: 8081 }, noListener);
  },
);
