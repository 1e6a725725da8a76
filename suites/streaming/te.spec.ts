import { expect, scenario } from '../../harness/index.ts';

const host = 'te.example.com';
const methods = [
  'routeproof.v1.Probe/Unary',
  'routeproof.v1.Probe/ServerStream',
  'routeproof.v1.Probe/BidiStream',
];

scenario(
  {
    id: 'streaming/te',
    title: 'Calls reach the backend with the header te, without which many servers refuse them',
    support: 'core',
    clauses: ['grpc-te-trailers'],
    guards: ['envoyproxy/envoy#34475', 'envoyproxy/envoy#32978'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('te');
    const straight = await t.call({ host, direct: 'v1' });
    const te = straight.received.get('x-routeproof-te');
    if (te === undefined)
      throw new Error('the echo server does not tell the header te: it needs Node.js 24.2');
    for (const method of methods)
      for (const place of [{}, { tls: true } as const]) {
        const { received } = await t.callMust({ host, method, ...place }, { backend: 'v1' });
        await t.check(
          `${method}${'tls' in place ? ' over TLS' : ''}: the backend sees te as the caller sent it`,
          () => expect(received.get('x-routeproof-te')).to.deep.equal(te),
          'backend',
        );
      }
  },
);
