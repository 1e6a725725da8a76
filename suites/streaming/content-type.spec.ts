import { expect, scenario } from '../../harness/index.ts';
import { emptyFrame, grpcHeaders } from '../raw-grpc.ts';

const host = 'stream.example.com';

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
      const headers = { ...grpcHeaders, 'content-type': type };
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
