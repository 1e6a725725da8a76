import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** A gRPC frame with an empty message: no compression, length 0. */
const emptyFrame = new Uint8Array(5);

scenario(
  {
    id: 'streaming/content-type',
    title: 'Calls of every content type of gRPC are served, and answered as gRPC',
    support: 'core',
    clauses: ['grpc-content-type'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('content-type');
    await t.callMust({ host }, { backend: 'v1' });

    for (const type of ['application/grpc', 'application/grpc+proto', 'application/grpc+json']) {
      const headers = { 'content-type': type, te: 'trailers' };
      const reply = await t.raw({ host, path: '/routeproof.v1.Probe/Unary', headers, body: emptyFrame });
      await t.check(
        `${type}: the backend's answer comes`,
        () => {
          expect(reply.error).to.equal(undefined);
          expect(new Map(reply.trailers).get('grpc-status')).to.equal('0');
          expect(new Map(reply.headers).get('content-type')).to.match(/^application\/grpc(\+.+)?$/);
        },
        'backend',
      );
    }
  },
);
