import { scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const echo = {
  host: 'grpc.example.com',
  method: 'echo.Echo/Echo',
  message: { text: 'hello world' },
  tls: true,
} as const;
const page = { host: 'grpc.example.com', method: 'routeproof.v1.ProbeTwo/Unary', tls: true } as const;

scenario(
  {
    id: 'guides/kgateway-hostname-conflict',
    title:
      'Pitfall "Hostname Conflict": a GRPCRoute after an HTTPRoute of its hostname is refused, or both really serve',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'hostname-conflict-oldest-wins',
      'hostname-conflict-released',
      'hostname-profile-kgateway-grpcroute-loses',
    ],
    guards: ['istio/istio#57172', 'kubernetes-sigs/gateway-api#4598'],
    backends: ['pages', 'grpc-echo'],
    manifests: ['kgateway-hostname-conflict.yaml', 'kgateway-hostname-conflict.route.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('an-http-route', { kind: 'HTTPRoute' });
    await t.callMust(page, { backend: 'pages' });

    await t.apply('kgateway-hostname-conflict.route.yaml');
    const verdict = (route: Route) =>
      conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'Accepted')?.status;
    const route = await t.until<Route>(
      { kind: 'GRPCRoute', name: 'echo-route' },
      'it has a verdict',
      (object) => ['True', 'False'].includes(verdict(object) ?? ''),
    );
    t.note(
      'The guide says the GRPCRoute is always the one refused. v1.6.3 decides by age whichever the kind, v1.7.0 lets both serve. ' +
        `Here the younger GRPCRoute is Accepted=${verdict(route) ?? ''}.`,
    );
    await t.barrier({ tls: true });
    const served = verdict(route) === 'True';
    await t.callMust(echo, served ? { backend: 'grpc-echo' } : { status: 'UNIMPLEMENTED', backend: null });
    await t.callMustAlways(page, { backend: 'pages' }, 3);

    await t.implied(['hostname-conflict-released'], async () => {
      await t.remove({ kind: 'HTTPRoute', name: 'an-http-route' });
      await t.routeMustBeAccepted('echo-route');
      await t.callMust(echo, { backend: 'grpc-echo' });
    });
  },
);
