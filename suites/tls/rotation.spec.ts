import { expect, scenario } from '../../harness/index.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'rpc.example.com';

scenario(
  {
    id: 'tls/rotation',
    title: 'A replaced certificate is used for new connections and costs neither a call nor an open stream',
    support: 'core',
    clauses: ['tls-terminate-secret'],
    guards: ['envoyproxy/envoy#14350'],
    backends: ['v1'],
  },
  async (t) => {
    const firstCa = await t.tlsSecret({ name: 'edge-cert' }, [host]);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ host, tls: { ca: firstCa } }, { backend: 'v1' });
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
  },
);
