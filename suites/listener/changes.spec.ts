import { expect, scenario } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway, Listener, Route } from '../shapes.ts';
import { probeTwo } from '../methods.ts';
import { audited } from '../others-status.ts';
import { patchStatus } from '../status-patch.ts';
import { lost, steadyCalls } from '../steady-calls.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const steady = { host: 'steady.example.com' };
const noParent = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent' } as const;
const noHostname = { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname' } as const;

scenario(
  {
    id: 'listener/changes',
    title:
      'Listeners are added, changed, renamed, removed and exchanged; meanwhile another keeps its calls and its open stream',
    support: 'core',
    clauses: [
      'gateway-listener-added',
      'gateway-listener-removed',
      'parentref-listener-appears-later',
      'parentref-sectionname-not-found',
      'status-follows-gateway-change',
      'gateway-listener-observedgeneration-current',
      'listener-status-entry-per-listener',
      'gateway-foreign-conditions-kept',
      'status-lasttransitiontime-stable',
      'status-nomatchingparent',
      'status-nomatchinglistenerhostname',
    ],
    guards: ['envoyproxy/envoy#14350', 'envoyproxy/gateway#8876', 'Kong/kubernetes-ingress-controller#5411'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const setLate = (late?: Partial<Listener>) =>
      t.update<Gateway>(ref, ({ spec }) => {
        spec.listeners = spec.listeners.filter(({ name }) => name === 'steady');
        // In front of the other, whose place in the list means nothing.
        if (late !== undefined)
          spec.listeners.unshift({ name: 'late', protocol: 'HTTP', port: 8080, ...late });
      });
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustHaveCondition('early', noParent);
    await t.callMust(steady, { backend: 'v1' });
    const stream = await t.openStream({ ...steady, method: 'routeproof.v1.Probe/BidiStream' });
    await stream.echo('before');
    const calls = steadyCalls(t, steady, 1);
    const ages = await backdate(t, ref);
    await patchStatus(t, ref, [{ op: 'add', path: '/status/listeners/0/conditions/-', value: audited }]);

    await setLate({});
    await t.routeMustBeAccepted('early');
    await t.listenerMustHaveAttachedRoutes('edge', 'late', 1);
    // Counts at the Gateway's new generation only, also for the listener that did not change.
    for (const listener of ['steady', 'late'])
      for (const type of ['Accepted', 'ResolvedRefs', 'Programmed'])
        await t.listenerMustHaveCondition('edge', listener, { type, status: 'True' });
    await t.check(
      'the listener that is no longer the first keeps what another controller wrote of it, and its time',
      async () => {
        const gateway = await t.get<Gateway>(ref);
        const foreignOf = (name: string) => conditionOf(listenerOf(gateway, name)?.conditions, audited.type);
        expect(foreignOf('steady')).to.deep.equal(audited);
        expect(foreignOf('late')).to.equal(undefined);
        timesMustHaveStayed(t, gateway, ages, ['steady Accepted']);
      },
      'status',
    );
    await t.callMust({ host: 'a.example.com', port: 8080 }, { backend: 'v2' });

    await setLate({ hostname: t.host('b.example.com') });
    await t.callMust({ host: 'a.example.com', port: 8080 }, { status: 'UNIMPLEMENTED', backend: null });
    await t.callMust({ host: 'b.example.com', port: 8080 }, { backend: 'v2' });

    // Of two edits in a row the last one counts.
    await setLate({ hostname: t.host('d.example.com') });
    await setLate({ hostname: t.host('c.example.com') });
    await t.callMust({ host: 'c.example.com', port: 8080 }, { backend: 'v2' });
    await t.callMust({ host: 'b.example.com', port: 8080 }, { status: 'UNIMPLEMENTED', backend: null });

    await setLate({});
    await t.callMust({ host: 'b.example.com', port: 8080 }, { backend: 'v2' });

    await setLate({ hostname: t.host('c.example.com'), name: 'renamed' });
    await t.routeMustHaveCondition('early', noParent);
    await t.routeMustBeAccepted('by-new-name');
    await t.until<Gateway>(
      ref,
      'the status has the listener under its new name, and no more under the old one',
      (gateway) =>
        listenerOf(gateway, 'late') === undefined && listenerOf(gateway, 'renamed')?.attachedRoutes === 1,
    );
    // A gateway may leave the port of a listener without routes closed.
    await t.callMust({ host: 'c.example.com', port: 8080, method: probeTwo }, { backend: 'v1' });
    await t.callMust({ host: 'c.example.com', port: 8080 }, { status: 'UNIMPLEMENTED', backend: null });

    await setLate({ hostname: t.host('c.example.com'), port: 8090 });
    await t.callMust({ host: 'c.example.com', port: 8090 }, { backend: 'v2' });
    await t.callMust({ host: 'c.example.com', port: 8080 }, noListener);

    await setLate();
    await t.routeMustHaveCondition('early', noParent);
    await t.until<Gateway>(
      ref,
      'the listener has left the status',
      (gateway) => listenerOf(gateway, 'late') === undefined,
    );
    await t.callMust({ host: 'c.example.com', port: 8090 }, noListener);

    const results = await calls.stop();
    await t.check(
      'the listener that did not change lost neither a call nor its stream',
      async () => {
        expect(lost(results)).to.deep.equal([]);
        expect(stream.isOpen).to.equal(true);
        await stream.echo('after');
      },
      'connect',
    );
    await stream.finish();

    // Each of two listeners takes the port that the other one leaves.
    await setLate({ hostname: t.host('c.example.com') });
    await t.callMust({ host: 'c.example.com', port: 8080 }, { backend: 'v2' });
    await Promise.all([
      t.update<Gateway>(ref, ({ spec }) => {
        for (const listener of spec.listeners) listener.port = listener.port === 80 ? 8080 : 80;
      }),
      t.update<Route>({ kind: 'GRPCRoute', name: 'steady' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v2', port: 9000 }];
      }),
    ]);
    await t.callMust({ ...steady, port: 8080 }, { backend: 'v2' });
    await t.callMust({ host: 'c.example.com' }, { backend: 'v2' });

    // Or the hostname.
    await t.update<Gateway>(ref, ({ spec }) => {
      for (const listener of spec.listeners)
        if (listener.hostname === undefined) listener.hostname = t.host('c.example.com');
        else delete listener.hostname;
    });
    await t.routeMustHaveCondition('steady', noHostname);
    await t.callMust({ host: 'a.example.com' }, { backend: 'v2' });
    // Whether the port is open at all is not said: no route is attached there.
    await t.callMust({ ...steady, port: 8080 }, noListener);

    // Who is refused for another reason is told so.
    for (const [from, to, verdict] of [
      ['steady', 'aside', noParent],
      ['aside', 'steady', noHostname],
    ] as const) {
      await t.update<Gateway>(ref, ({ spec }) => {
        for (const listener of spec.listeners) if (listener.name === from) listener.name = to;
      });
      await t.routeMustHaveCondition('steady', verdict);
    }
  },
);
