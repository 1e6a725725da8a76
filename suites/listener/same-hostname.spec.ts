import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const rpc = (host: string) => ({ host, method: 'routeproof.v1.Probe/Unary' });
/** A gRPC call that an HTTPRoute routes by its path: it tells which kind of route serves. */
const web = (host: string) => ({ host, method: 'routeproof.v1.ProbeTwo/Unary' });
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'listener/same-hostname',
    title:
      'HTTPRoute and GRPCRoute on one hostname: the older wins or both serve, but none is accepted and dead',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: [
      'hostname-conflict-exactly-one',
      'hostname-conflict-rejection-optional',
      'hostname-conflict-oldest-wins',
      'hostname-conflict-loser-status',
      'hostname-conflict-per-listener',
      'hostname-conflict-disjoint-coexist',
      'hostname-conflict-released',
    ],
    guards: [
      'kubernetes-sigs/gateway-api#4598',
      'istio/istio#57172',
      'projectcontour/contour#6267',
      'traefik/traefik#13421',
      'lexfrei/cloudflare-tunnel-gateway-controller#420',
      'cilium/cilium#44877',
    ],
    backends: ['v1', 'v2'],
    manifests: ['same-hostname.yaml', 'same-hostname.later.yaml'],
  },
  async (t) => {
    /** Waits for a verdict on the route and tells whether it was accepted. */
    const accepted = async (kind: string, name: string): Promise<boolean> => {
      const verdict = (route: Route) =>
        conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'Accepted');
      const route = await t.until<Route>({ kind, name }, 'it has a verdict', (object) => {
        const condition = verdict(object);
        return condition !== undefined && condition.status !== 'Unknown';
      });
      return verdict(route)?.status === 'True';
    };
    await t.apply();
    await t.routeMustBeAccepted('a-rpc');
    await t.routeMustBeAccepted('a-web', { kind: 'HTTPRoute' });
    await t.routeMustBeAccepted('elsewhere', { kind: 'HTTPRoute' });
    await t.callMust(rpc('rpc-first.example.com'), { backend: 'v1' });
    await t.callMust(web('web-first.example.com'), { backend: 'v2' });
    await t.callMust({ ...web('rpc-first.example.com'), tls: true }, { backend: 'v2' });

    await t.apply('same-hostname.later.yaml');
    const webServes = await accepted('HTTPRoute', 'b-web');
    const rpcServes = await accepted('GRPCRoute', 'b-rpc');
    t.note(
      webServes || rpcServes
        ? 'Both kinds may share a hostname here, as v1.7.0 allows (kubernetes-sigs/gateway-api#4598).'
        : 'The younger route is refused, as the GRPCRoute type comment of v1.6.3 asks (kubernetes-sigs/gateway-api#4598).',
    );
    await t.barrier({ listener: 'http' });
    await t.callMust(web('rpc-first.example.com'), webServes ? { backend: 'v2' } : unserved);
    await t.callMust(rpc('web-first.example.com'), rpcServes ? { backend: 'v1' } : unserved);
    await t.check(
      'the older routes keep their verdict',
      async () => {
        expect(await accepted('GRPCRoute', 'a-rpc')).to.equal(true);
        expect(await accepted('HTTPRoute', 'a-web')).to.equal(true);
      },
      'status',
    );
    await t.callMustAlways(rpc('rpc-first.example.com'), { backend: 'v1' }, 3);
    await t.callMustAlways(web('web-first.example.com'), { backend: 'v2' }, 3);

    await t.implied(['hostname-conflict-released'], async () => {
      await t.remove({ kind: 'GRPCRoute', name: 'a-rpc' });
      await t.remove({ kind: 'HTTPRoute', name: 'a-web' });
      await t.routeMustBeAccepted('b-web', { kind: 'HTTPRoute' });
      await t.routeMustBeAccepted('b-rpc');
      await t.callMust(web('rpc-first.example.com'), { backend: 'v2' });
      await t.callMust(rpc('web-first.example.com'), { backend: 'v1' });
    });
  },
);
