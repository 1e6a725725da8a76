import { scenario } from '../../harness/index.ts';

const echo = { host: 'grpc.example.com', method: 'echo.Echo/Echo', message: { text: 'hello world' } };

scenario(
  {
    id: 'guides/kgateway-http-listener',
    title:
      'Pitfall "Listener Protocol Mismatch": against the guide, a GRPCRoute attaches to an HTTP listener and is served',
    support: 'core',
    clauses: ['grpcroute-http-h2c-prior-knowledge', 'status-accepted-true-reason'],
    guards: ['Kong/kubernetes-ingress-controller#4273'],
    backends: ['grpc-echo'],
  },
  async (t) => {
    t.note(
      'The guide says a GRPCRoute can only attach to an HTTPS listener. Gateway API has an implementation of GRPCRoute accept ' +
        'cleartext HTTP/2 on HTTP listeners: that is asserted here.',
    );
    await t.apply();
    await t.routeMustHaveCondition('echo-route', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.callMust(echo, { backend: 'grpc-echo' });
    await t.callMustAlways({ ...echo, tls: true }, { status: 'UNIMPLEMENTED', backend: null }, 3);
  },
);
