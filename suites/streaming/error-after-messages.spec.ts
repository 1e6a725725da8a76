import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
const behaviour = {
  responseCount: 5,
  statusCode: 10,
  statusMessage: 'aborted after five',
  initialMetadata: [{ key: 'x-first', value: 'headers' }],
  trailingMetadata: [{ key: 'x-last', value: 'trailers' }],
};

scenario(
  {
    id: 'streaming/error-after-messages',
    title: 'A stream that ends in an error delivers its messages first, then the status and its trailers',
    support: 'core',
    clauses: ['grpc-status-intact', 'backend-trailers-delivered', 'streaming-messages-in-order'],
    backends: ['v1'],
    guards: ['traefik/traefik#4181', 'linkerd/linkerd2#14050'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('late-error');
    await t.callMust({ host }, { backend: 'v1' });

    const call = { host, method: 'routeproof.v1.Probe/ServerStream', message: { behaviour } };
    for (const result of await t.callMustAlways(call, { status: 'ABORTED', backend: 'v1' }, 5)) {
      await t.check(
        'headers, five messages, then the status',
        () => {
          expect(result.headers.get('x-first')).to.deep.equal(['headers']);
          expect(result.responses.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4]);
          expect(result.message).to.equal('aborted after five');
          expect(result.trailers.get('x-last')).to.deep.equal(['trailers']);
        },
        'trailers',
      );
    }
  },
);
