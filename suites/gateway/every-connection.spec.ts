import { expect, scenario } from '../../harness/index.ts';
import type { Call, Expected } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { refused } from '../expected.ts';
import { echo, probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';

/** Where one of two proxies is wrong, each connection misses it with a chance of 1/2: all of them with 2^-20, one in a million. */
const connections = Array.from({ length: 20 }, (_, index) => String(index + 1));
/** By chance alone one of two equal backends answers none of these once in 130 million times, and there are twenty connections. */
const sharedCalls = 28;
const ref = { kind: 'GRPCRoute', name: 'everywhere' };
const host = 'everywhere.example.com';
const versionTwo = { host, metadata: { version: 'two' } };

const added: Expected = {
  backend: 'v1',
  also: ({ received }) => expect(received.get('x-added')).to.deep.equal(['yes']),
};

scenario(
  {
    id: 'gateway/every-connection',
    title:
      'Whichever proxy of a Gateway a connection reaches, it gives the same answers, also after a change',
    support: 'core',
    clauses: [
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
      'grpcroute-unmatched-call-unimplemented',
      'header-exact-value',
      'header-missing-does-not-match',
      'method-exact-service-and-method',
      'filter-request-header-add',
      'backend-service-forwarding',
      'weight-proportional',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    /** Waits for each by itself: proxies need not get a change at the same time. */
    const everywhere = (call: Call, expected: Expected) =>
      Promise.all(connections.map((connection) => t.callMust({ ...call, connection }, expected)));
    await t.apply();
    await pointTo(t, 'pool', 'v1');
    await t.routeMustBeAccepted('everywhere');
    await everywhere(versionTwo, { backend: 'v2' });
    await everywhere({ host }, added);
    await everywhere({ host, method: 'routeproof.v1.Probe/ServerStream' }, refused);
    await everywhere({ host, method: probeTwo }, { backend: 'v1' });

    const split = { host, method: echo };
    await everywhere(split, { backend: ['v1', 'v2'] });
    for (const connection of connections) {
      const shares = await t.distribution({ ...split, connection }, sharedCalls);
      await t.check(
        'both backends of a rule answer on each connection',
        () => expect([...shares.keys()].sort()).to.deep.equal(['v1', 'v2']),
        'routed',
      );
    }

    await pointTo(t, 'pool', 'v2');
    await everywhere({ host, method: probeTwo }, { backend: 'v2' });

    await t.update<Route>(ref, ({ spec }) => {
      for (const { backendRefs = [] } of spec.rules ?? [])
        for (const backend of backendRefs)
          if (backend.name !== 'pool') backend.name = backend.name === 'v1' ? 'v2' : 'v1';
    });
    await everywhere(versionTwo, { backend: 'v1' });

    await t.remove(ref);
    await everywhere(versionTwo, refused);
  },
);
