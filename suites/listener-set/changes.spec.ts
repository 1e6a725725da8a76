import { expect, scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { noListener, refused } from '../expected.ts';
import { echo, probeTwo } from '../methods.ts';
import { audited } from '../others-status.ts';
import { patchStatus } from '../status-patch.ts';
import { lost, steadyCalls } from '../steady-calls.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Gateway, GatewayClass, Route } from '../shapes.ts';
import { heavierMustAnswer } from '../weight/shares.ts';
import { backdate, timesMustHaveStayed } from '../transition-times.ts';
import { attachedSetsMustBe, entryOf, setMustBeProgrammed, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const edge = { gateway: 'edge' };

scenario(
  {
    id: 'listener-set/changes',
    title:
      'A ListenerSet that changes is served as it is written, one that is deleted not at all, until it is back, and one that moves by its new Gateway alone; the others go on, and a Gateway that is made again has them all',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-observedgeneration-current',
      'listenerset-serves-traffic',
      'listenerset-attached-count-follows',
      'listenerset-gateway-listeners-not-listed',
      'status-gateway-deleted-cleaned',
      'listenerset-route-parentref',
      'status-foreign-conditions-kept',
      'status-lasttransitiontime-set',
      'status-lasttransitiontime-stable',
      'status-steady-state-quiet',
      'listenerset-attachedroutes',
      'precedence-not-listing-order',
      'weight-proportional',
      'gateway-ready-not-used',
    ],
    backends: ['v1', 'v2'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply();
    const [address, otherAddress] = [
      await t.gatewayMustBeProgrammed('edge'),
      await t.gatewayMustBeProgrammed('other'),
    ];
    await setMustBeProgrammed(t, 'stays');
    await setMustBeProgrammed(t, 'goes');
    await attachedSetsMustBe(t, 'edge', 2);
    await t.callMust({ ...edge, host: 'stays.example.com' }, { backend: 'v1' });
    await t.callMust({ ...edge, host: 'goes.example.com' }, { backend: 'v1' });
    await t.callMust({ ...edge, host: 'goes.example.com', port: 8081 }, { backend: 'v1' });
    // Rules mean what they do on listeners of a Gateway, and their edits are followed.
    const ruled = { ...edge, host: 'stays.example.com', method: probeTwo };
    const { received } = await t.callMust({ ...ruled, metadata: { env: 'canary' } }, { backend: 'v2' });
    await t.check(
      'the filter works on the listener of a ListenerSet',
      () => expect(received.get('x-edited')).to.deep.equal(['yes']),
      'routed',
    );
    await t.callMustAlways(ruled, { backend: 'v1' }, 3);
    await heavierMustAnswer(t, { ...ruled, method: echo }, { heavy: 'v2', light: 'v1' });
    const settled = await t.until<ListenerSet>(
      setRef('goes'),
      'attachedRoutes is 1 on both listeners',
      (set) => ['http', 'port'].every((name) => entryOf(set, name)?.attachedRoutes === 1),
      'status',
    );
    await laterSecond(t);
    for (const value of ['beta', 'canary', 'beta', 'stable']) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'stays' }, ({ spec }) => {
        for (const { matches = [] } of spec.rules ?? [])
          for (const { headers = [] } of matches) for (const header of headers) header.value = value;
      });
      await t.routeMustBeAccepted('stays');
      await t.callMust({ ...ruled, metadata: { env: value } }, { backend: 'v2' });
    }
    const quiet = await t.get<ListenerSet>(setRef('goes'));
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'the ListenerSet that did not change was not written meanwhile',
        () => expect(quiet.metadata?.resourceVersion).to.equal(settled.metadata?.resourceVersion),
        'status',
      ),
    );
    const steady = steadyCalls(t, { ...edge, host: 'stays.example.com' });

    const ages = await backdate(t, setRef('goes'));
    const place = (settled.status?.listeners ?? []).findIndex(({ name }) => name === 'http');
    const additions = ['/status', `/status/listeners/${String(place)}`].map((path) => ({
      op: 'add',
      path: `${path}/conditions/-`,
      value: audited,
    }));
    await patchStatus(t, setRef('goes'), additions);
    await t.update<ListenerSet>(setRef('goes'), ({ spec }) => {
      for (const listener of spec.listeners) listener.hostname = t.host('moved.example.com');
      // In front of the others, whose places mean nothing.
      spec.listeners.unshift({
        name: 'new',
        port: 8082,
        protocol: 'HTTP',
        hostname: t.host('any.example.com'),
      });
    });
    await setMustBeProgrammed(t, 'goes');
    const changed = await t.get<ListenerSet>(setRef('goes'));
    await t.check(
      'every condition of its own is about the new generation and has a time, every listener has its entry, and the foreign conditions are as they were',
      () => {
        const { conditions = [], listeners = [] } = changed.status ?? {};
        const written = [...conditions, ...listeners.flatMap((listener) => listener.conditions)];
        const all = written.filter(({ type }) => type !== audited.type);
        for (const { type, lastTransitionTime } of all)
          expect(Date.parse(lastTransitionTime), type).to.be.greaterThan(Date.parse('2020-01-01T00:00:00Z'));
        expect(written.filter(({ type }) => type === audited.type)).to.deep.equal([audited, audited]);
        expect(conditionOf(entryOf(changed, 'http')?.conditions, audited.type)).to.deep.equal(audited);
        const generations = new Set(all.map(({ observedGeneration }) => observedGeneration));
        expect([...generations]).to.deep.equal([changed.metadata?.generation]);
        expect(all.map(({ type }) => type)).not.to.include('Ready');
        expect(listeners.map(({ name }) => name)).to.have.members(['http', 'port', 'new']);
      },
      'status',
    );
    await t.check(
      'it was accepted all the time, and so were the listeners that it had: no time moved',
      () => timesMustHaveStayed(t, changed, ages, ['Accepted', 'http Accepted', 'port Accepted']),
      'status',
    );
    await t.callMust({ ...edge, host: 'moved.example.com', port: 8081 }, { backend: 'v1' });
    await t.callMust({ ...edge, host: 'any.example.com', port: 8082 }, { backend: 'v1' });
    await t.callMust({ ...edge, host: 'goes.example.com' }, refused);

    // Of two edits in a row the last one counts.
    await t.update<ListenerSet>(setRef('goes'), ({ spec }) => {
      for (const listener of spec.listeners) if (listener.name === 'new') listener.port = 8083;
    });
    await t.update<ListenerSet>(setRef('goes'), ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name !== 'new');
    });
    await setMustBeProgrammed(t, 'goes');
    await t.until<ListenerSet>(
      setRef('goes'),
      'the entry of the listener that is gone is gone',
      (set) => entryOf(set, 'new') === undefined,
      'status',
    );
    await t.callMust({ ...edge, host: 'any.example.com', port: 8082 }, noListener);

    const attachTo = (gateway: string): Promise<ListenerSet> =>
      t.update<ListenerSet>(setRef('goes'), ({ spec }) => {
        spec.parentRef = { name: gateway };
      });
    const moved = { host: 'moved.example.com' };
    await attachTo('other');
    await attachedSetsMustBe(t, 'edge', 1);
    await attachedSetsMustBe(t, 'other', 1);
    await setMustBeProgrammed(t, 'goes');
    await t.routeMustBeAccepted('goes');
    await t.callMust({ gateway: 'other', ...moved }, { backend: 'v1' });
    // Where Gateways share their proxies, it is served there all the same.
    if (address !== otherAddress) await t.callMust({ ...edge, ...moved }, refused);
    await attachTo('nobody');
    await attachedSetsMustBe(t, 'other', 0);
    await t.callMust({ gateway: 'other', ...moved }, noListener);
    await attachTo('edge');
    await attachedSetsMustBe(t, 'edge', 2);
    await setMustBeProgrammed(t, 'goes');
    await t.callMust({ ...edge, host: 'moved.example.com' }, { backend: 'v1' });

    await t.remove(setRef('goes'));
    await attachedSetsMustBe(t, 'edge', 1);
    await t.barrier(edge);
    await t.callMustAlways({ ...edge, host: 'moved.example.com' }, refused);
    await t.callMust({ ...edge, host: 'moved.example.com', port: 8081 }, noListener);
    const mustNotClaimAcceptance = (name: string) =>
      t.implied(['status-gateway-deleted-cleaned'], async () => {
        await t.until<Route>({ kind: 'GRPCRoute', name }, 'no entry claims acceptance', (route) =>
          entriesOf(route, t.controllerName).every(
            ({ conditions }) => conditionOf(conditions, 'Accepted')?.status !== 'True',
          ),
        );
      });
    await mustNotClaimAcceptance('goes');
    await t.apply();
    await setMustBeProgrammed(t, 'goes');
    await t.callMust({ ...edge, host: 'goes.example.com' }, { backend: 'v1' });
    const results = await steady.stop();
    await t.check(
      'the other ListenerSet lost no call',
      () => expect(lost(results)).to.deep.equal([]),
      'routed',
    );

    // A Gateway that is made again has the ListenerSets that name it.
    await t.remove({ kind: 'Gateway', name: 'edge' });
    await mustNotClaimAcceptance('stays');
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await attachedSetsMustBe(t, 'edge', 2);
    for (const set of ['stays', 'goes']) {
      await setMustBeProgrammed(t, set);
      await t.until<ListenerSet>(
        setRef(set),
        'attachedRoutes is 1 on each of its listeners again',
        ({ spec, status }) =>
          spec.listeners.every(({ name }) =>
            status?.listeners?.some((entry) => entry.name === name && entry.attachedRoutes === 1),
          ),
        'status',
      );
      await t.callMust({ ...edge, host: `${set}.example.com` }, { backend: 'v1' });
    }

    // One that goes to another controller has none.
    const foreign = await t.get<GatewayClass>({ kind: 'GatewayClass', name: 'foreign' });
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.gatewayClassName = foreign.metadata?.name ?? '';
    });
    await t.implied(['status-gateway-deleted-cleaned'], async () => {
      await t.routeMustHaveNoParent('stays');
    });
  },
);
