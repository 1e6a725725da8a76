import { scenario } from '../../harness/index.ts';
import { pointPortsTo, pointTo } from '../endpoint-slices.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';

const call = { host: 'checkout.example.com' };
const unserved = { status: 'UNAVAILABLE', backend: null };
const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', name: 'idle' };

scenario(
  {
    id: 'backend/no-endpoints',
    title:
      'A Service without endpoints that can be reached answers UNAVAILABLE while its reference stays resolved, and recovers',
    support: 'core',
    clauses: [
      'backend-no-endpoints-unavailable',
      'backend-no-endpoints-refs-resolved',
      'grpc-unreachable-unavailable',
      'backend-endpoints-follow',
    ],
    guards: ['envoyproxy/gateway#7938'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, unserved);

    // Nobody listens there: the endpoint refuses every connection.
    await pointPortsTo(t, 'idle', { grpc: 9 }, 'v1');
    await t.barrier();
    await t.callMustAlways(call, unserved, 3);

    await t.implied(['backend-endpoints-follow'], async () => {
      await pointTo(t, 'idle', 'v1');
      await t.callMust(call, { backend: 'v1' });
    });
    await pointTo(t, 'idle', 'v2');
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust(call, { backend: 'v2' });
      await t.callMustAlways(call, { backend: 'v2' });
      // Those that it had before, once more.
      await pointTo(t, 'idle', 'v1');
      await t.callMust(call, { backend: 'v1' });
    });

    await t.update<EndpointSlice>(slice, (object) => {
      for (const endpoint of object.endpoints) endpoint.conditions = { ready: false };
    });
    await t.callMust(call, unserved);
    await t.routeMustBeAccepted('checkout');

    await t.remove(slice);
    await t.callMustAlways(call, unserved);
    await t.implied(['backend-endpoints-follow'], async () => {
      await pointTo(t, 'idle', 'v1');
      await t.callMust(call, { backend: 'v1' });
    });
  },
);
