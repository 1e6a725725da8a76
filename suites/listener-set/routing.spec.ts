import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { setMustBeProgrammed } from './shapes.ts';

scenario(
  {
    id: 'listener-set/routing',
    title:
      'A ListenerSet serves on its Gateway, on old and new ports, and a route goes where the parent that it names is, whichever of them came first',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-serves-traffic',
      'listenerset-route-parentref',
      'listenerset-route-no-section-all',
      'listenerset-route-section',
      'listenerset-gateway-parent-excludes-sets',
    ],
    backends: ['apps/v1', 'v2', 'apps/v3', 'apps/v4'],
    manifests: ['routing.yaml', 'routing.gateway.yaml'],
  },
  async (t) => {
    await t.apply();
    // The Gateway comes last: with nothing of it there yet, the barrier is one of the shared Gateway.
    await t.barrier();
    await t.apply('routing.gateway.yaml');
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'apps/team');
    await setMustBeProgrammed(t, 'idle');
    for (const route of ['of-set', 'of-listener', 'of-port']) {
      await t.routeMustBeAccepted(route, { namespace: 'apps' });
    }
    const probeTwo = 'routeproof.v1.ProbeTwo/Unary';
    await t.callMust({ host: 'gw.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'one.example.com' }, { backend: 'apps/v1' });
    await t.callMust({ host: 'two.example.com', port: 8080 }, { backend: 'apps/v3' });
    await t.callMust({ host: 'two.example.com', port: 8080, method: probeTwo }, { backend: 'apps/v4' });

    await t.barrier();
    // The routes of one listener or port do not reach the other, nor do those of the ListenerSet the Gateway.
    await t.callMustAlways({ host: 'one.example.com' }, { backend: 'apps/v1' });
    await t.callMustAlways({ host: 'one.example.com', method: probeTwo }, { backend: 'apps/v1' });
    await t.callMustAlways({ host: 'gw.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'idle.example.com' }, refused);
    await t.callMustAlways({ host: 'two.example.com' }, refused);
    await t.callMustAlways({ host: 'one.example.com', port: 8080 }, refused);
  },
);
