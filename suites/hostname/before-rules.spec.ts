import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { probe } from '../methods.ts';
import { emptyFrame } from '../raw-grpc.ts';

scenario(
  {
    id: 'hostname/before-rules',
    title:
      'Routes with the same rules but different hosts never take calls from each other, not even on one connection',
    support: 'core',
    clauses: ['hostname-matched-before-rules', 'grpcroute-multiple-routes-share-listener'],
    backends: ['v1', 'v2'],
    guards: ['Kong/kong-operator#4621'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('host-a');
    await t.routeMustBeAccepted('host-b');
    await t.callMust({ host: 'a.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'b.example.com' }, { backend: 'v2' });

    await t.callMustAlways({ host: 'a.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'b.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'c.example.com' }, refused, 3);

    // As a proxy in front of the gateway sends them.
    const held = await t.hold({
      host: 'a.example.com',
      path: `/${probe}`,
      headers: { 'x-routeproof-nonce': `${t.nonce}-held` },
      body: emptyFrame,
    });
    const turns = [
      ['a', 'v1', 'v2'],
      ['b', 'v2', 'v1'],
    ] as const;
    for (const [host] of turns) {
      const nonce = { 'x-routeproof-nonce': `${t.nonce}-shared-${host}` };
      await held.ask({ host: `${host}.example.com`, headers: nonce });
    }
    for (const [host, backend, other] of turns) {
      const nonce = `${t.nonce}-shared-${host}`;
      const counts = [await t.seenBy(backend, nonce), await t.seenBy(other, nonce)].map(
        ({ length }) => length,
      );
      await t.check(
        `on a connection that several hosts share, the call for ${host} goes to ${backend}`,
        () => expect(counts).to.deep.equal([1, 0]),
        'routed',
      );
    }
  },
);
