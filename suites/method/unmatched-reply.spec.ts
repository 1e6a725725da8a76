import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo } from '../methods.ts';
import { emptyFrame, grpcHeaders } from '../raw-grpc.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/unmatched-reply',
    title: 'The refusal of an unmatched call is something a gRPC client reads as UNIMPLEMENTED, at once',
    support: 'core',
    clauses: [
      'grpcroute-unmatched-is-grpc-status',
      'grpcroute-unmatched-call-unimplemented',
      'grpc-content-type',
    ],
    backends: ['v1'],
    guards: [
      'Kong/kong-operator#4621',
      'nginx/nginx-gateway-fabric#1837',
      'nginx/kubernetes-ingress#2229',
      'linkerd/linkerd2#5273',
    ],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('only-echo');
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host, method: echoTwo }, refused, 3);

    for (const path of [`/${echoTwo}`, `/${echo}/`, '/no.such.Service/Method', '/', '/no-slash-after']) {
      const reply = await t.raw({ host, path, headers: grpcHeaders, body: emptyFrame });
      const grpcStatus = new Map([...reply.headers, ...reply.trailers]).get('grpc-status');
      await t.check(
        `the raw reply to ${path} is grpc-status 12, or HTTP 404 without one`,
        () => {
          expect(reply.error).to.equal(undefined);
          if (grpcStatus === undefined) expect(reply.httpStatus).to.equal(404);
          else expect({ grpcStatus, http: reply.httpStatus }).to.deep.equal({ grpcStatus: '12', http: 200 });
        },
        'routed',
      );
      await t.check(
        `the raw reply to ${path} says that it is gRPC where it is`,
        () => {
          const contentType = reply.headers.find(([name]) => name === 'content-type')?.[1];
          if (grpcStatus !== undefined) expect(contentType).to.match(/^application\/grpc($|[+;])/);
        },
        'routed',
      );
    }

    // Its caller goes on sending until it is told, so the refusal must not wait for the end.
    const stream = await t.openStream({ host, deadlineMs: 10_000 });
    const end = await stream.ended;
    await t.check(
      'a stream that no rule matches is refused while its caller may still send',
      () => expect(end.status).to.equal(12),
      'routed',
    );
  },
);
