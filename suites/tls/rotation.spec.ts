import { expect, scenario } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import type { Gateway, Secret } from '../shapes.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'rpc.example.com';
const secret = { kind: 'Secret', apiVersion: 'v1', name: 'edge-cert' };
/**
 * Each is three new connections in a row, ten and more after a wrong one between them. Where one of two proxies is wrong, each misses it
 * with a chance of about 1/8: all of them with 8^-8, one in 16 million.
 */
const connections = Array.from({ length: 8 }, (_, index) => String(index + 1));

scenario(
  {
    id: 'tls/rotation',
    title:
      'A replaced certificate is used for new connections, again and again, also one that was there before, and costs neither a call nor an open stream',
    support: 'core',
    clauses: ['tls-terminate-secret', 'refgrant-same-namespace-not-needed'],
    guards: ['envoyproxy/envoy#14350'],
    backends: ['v1'],
  },
  async (t) => {
    const firstCa = await t.tlsSecret({ name: 'edge-cert' }, [host]);
    const first = await t.get<Secret>(secret);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host, tls: { ca: firstCa } }, { backend: 'v1' });
    await t.callMust({ host, port: 8443, tls: { ca: firstCa } }, { backend: 'v1' });
    const stream = await t.openStream({ host, tls: true, method: 'routeproof.v1.Probe/BidiStream' });
    await stream.echo('before');

    const calls = steadyCalls(t, { host, tls: true }, 1);
    const secondCa = await t.tlsSecret({ name: 'edge-cert' }, [host]);
    await t.callMust({ host, tls: { ca: secondCa } }, { backend: 'v1' });
    const results = await calls.stop();
    await t.check(
      'no call was lost, and the stream goes on',
      async () => {
        expect(lost(results)).to.deep.equal([]);
        expect(stream.isOpen).to.equal(true);
        await stream.echo('after');
      },
      'tls',
    );
    await stream.finish();

    await t.listenerMustHaveCondition('edge', 'https', {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
    });
    await t.callMustAlways({ host, tls: { ca: secondCa } }, { backend: 'v1' }, 3);
    await t.callMust({ host, port: 8443, tls: { ca: secondCa } }, { backend: 'v1' });

    // Whoever takes a rotation back puts in what was there before it. Of two edits in a row the last one counts.
    const otherCa = await t.tlsSecret({ name: 'other-cert' }, [host], 'rsa');
    const other = await t.get<Secret>({ ...secret, name: 'other-cert' });
    for (const { data } of [other, first]) {
      await t.update<Secret>(secret, (object) => {
        object.data = data;
      });
    }
    const reverted = { host, tls: { ca: firstCa }, connection: 'reverted', fresh: true } as const;
    await t.callMust(reverted, { backend: 'v1' });

    const rootCa = await t.tlsSecret({ name: 'edge-cert' }, [host], 'chain');
    await Promise.all(
      connections.map((connection) =>
        t.callMust({ host, tls: { ca: rootCa }, connection, fresh: true }, { backend: 'v1' }),
      ),
    );

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      for (const { tls } of spec.listeners)
        if (tls !== undefined) tls.certificateRefs = [{ name: 'other-cert' }];
    });
    await t.callMust({ host, tls: { ca: otherCa } }, { backend: 'v1' });

    const nameless = await t.raw({ host, path: '/routeproof.v1.Probe/Unary', tls: { serverName: '' } });
    await t.check(
      'a client that sends no server name gets the certificate of the listener for every host',
      () => expect(nameless.peerCertificateSans).to.deep.equal([t.host(host)]),
      'tls',
    );

    // The other listener keeps the certificate that both of them have.
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'https');
    });
    await t.callMust({ host, tls: { ca: otherCa }, connection: 'gone', fresh: true }, noListener);
    const kept = { host, port: 8443, tls: { ca: otherCa }, connection: 'kept', fresh: true } as const;
    await t.callMust(kept, { backend: 'v1' });
  },
);
