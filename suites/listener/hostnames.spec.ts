import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import type { Gateway } from '../shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const isolation = 'GatewayHTTPListenerIsolation';

scenario(
  {
    id: 'listener/hostnames',
    title:
      'Of several listeners on one port the one with the most specific hostname takes the call, and no other, as listeners come and go',
    support: 'core',
    clauses: [
      'listener-hostname-most-specific',
      'listener-hostname-longer-wildcard',
      'listener-hostname-http-authority',
      'listener-isolation',
      'listener-isolation-no-fallback',
      'listener-isolation-claim',
      'hostname-intersected-name-limits-traffic',
      'hostname-route-unset-inherits-listener',
      'gateway-listener-added',
      'gateway-listener-removed',
    ],
    guards: [
      'cilium/cilium#44118',
      'Kong/kong-operator#4673',
      'envoyproxy/gateway#7559',
      'envoyproxy/gateway#9895',
    ],
    anyHost: true,
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('intruder');
    await t.routeMustBeAccepted('intruder-under-wildcards');
    for (const listener of ['any', 'narrow', 'exact']) {
      await t.listenerMustHaveAttachedRoutes('edge', listener, 1);
    }
    await t.listenerMustHaveAttachedRoutes('edge', 'narrow-in-part', 2);
    await t.listenerMustHaveAttachedRoutes('edge', 'wide', 3);
    const probeTwo = 'routeproof.v1.ProbeTwo/Unary';
    await t.callMust({ host: 'pay.shop.example.com', method: probeTwo }, { backend: 'v4' });
    await t.callMust({ host: 'cart.shop.example.com' }, { backend: 'v3' });
    await t.callMust({ host: 'a.b.shop.example.com' }, { backend: 'v3' });
    await t.callMust({ host: 'shop.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'help.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'help.example.org' }, { backend: 'v1' });

    // Without isolation the route of a wider listener that names the host in full may come before that of a wildcard.
    const isIsolated = t.supportedFeatures.has(isolation);
    const before = (backend: string): string | string[] => (isIsolated ? backend : [backend, 'v2']);
    await t.callMust({ host: 'bag.shop.example.com' }, { backend: before('v3') });
    await t.callMust({ host: 'help.desk.example.com', method: probeTwo }, { backend: before('v4') });

    const farStream = { host: 'help.far.desk.example.com', method: 'routeproof.v1.Probe/ServerStream' };
    await t.callMust(farStream, { backend: 'v4' });

    const hostsInPart = ['pay.shop.example.com', 'help.desk.example.com', 'help.far.desk.example.com'];
    const noRuleThere = hostsInPart.map((host) => ({ host }));
    if (isIsolated) {
      for (const call of [...noRuleThere, { host: 'vacant.example.com' }, { host: 'help.void.example.com' }])
        await t.callMustAlways(call, refused);
    } else {
      for (const call of noRuleThere) {
        const { backend } = await t.call(call);
        t.note(
          `${isolation} is not claimed; a call to ${call.host} without a rule on its listener was answered by ${backend ?? 'nobody'}.`,
        );
      }
    }

    const vacantLater = { host: 'vacant.example.org' };
    await t.callMust(vacantLater, { backend: 'v1' });
    // One with a hostname that another one of the port covers takes its calls, and gives them back.
    await t.update<Gateway>(ref, ({ spec }) => {
      const hostname = t.host('help.example.com');
      spec.listeners.push(
        { name: 'later', protocol: 'HTTP', port: 80, hostname },
        { name: 'later-vacant', protocol: 'HTTP', port: 80, hostname: vacantLater.host },
      );
    });
    await t.routeMustBeAccepted('on-later');
    await t.callMust({ host: 'help.example.com' }, { backend: 'v4' });
    await t.callMustAlways({ host: 'shop.example.com' }, { backend: 'v2' }, 3);
    if (isIsolated) await t.callMust(vacantLater, refused);
    // Without its route a listener still keeps its calls from others.
    await t.remove({ kind: 'GRPCRoute', name: 'on-exact' });
    if (isIsolated) {
      await t.callMust({ host: 'pay.shop.example.com', method: probeTwo }, refused);
      await t.callMustAlways({ host: 'pay.shop.example.com' }, refused, 3);
    }
    await t.update<Gateway>(ref, ({ spec }) => {
      const gone = ['later', 'later-vacant', 'exact'];
      spec.listeners = spec.listeners.filter(({ name }) => !gone.includes(name));
    });
    await t.callMust({ host: 'help.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'pay.shop.example.com', method: probeTwo }, { backend: before('v3') });
    await t.callMust(vacantLater, { backend: 'v1' });
  },
);
