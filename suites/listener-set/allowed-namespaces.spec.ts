import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { conditionOf, entriesOf, type Route } from '../shapes.ts';
import { attachedSetsMustBe, holds, setMustBeProgrammed, setMustBeRefused, setRef } from './shapes.ts';
import type { ListenerSet, ParentGateway } from './shapes.ts';

const sets = { near: 'near', far: 'far/far', labelled: 'labelled/far' };
type Which = keyof typeof sets;

/** Only these ListenerSets are taken, counted and served. */
async function onlyThese(t: Scenario, taken: Which[]): Promise<void> {
  for (const [name, set] of Object.entries(sets)) {
    if (taken.includes(name as Which)) await setMustBeProgrammed(t, set);
    else await setMustBeRefused(t, set, 'NotAllowed');
    if (!taken.includes(name as Which)) await noEntryMustClaimAcceptance(t, set);
  }
  await attachedSetsMustBe(t, 'edge', taken.length);
  for (const name of taken) await t.callMust({ host: `${name}.example.com` }, { backend: backends[name] });
  await t.barrier();
  for (const name of Object.keys(sets) as Which[]) {
    if (!taken.includes(name)) await t.callMustAlways({ host: `${name}.example.com` }, refused, 3);
  }
}

/** A route that no listener takes is detached: that it is Accepted may not be said. Routes are called as the ListenerSets that they name. */
async function noEntryMustClaimAcceptance(t: Scenario, set: string): Promise<void> {
  const { name, namespace } = setRef(set);
  const route = { kind: 'GRPCRoute', name: namespace ?? name, ...(namespace !== undefined && { namespace }) };
  await t.until<Route>(
    route,
    'no entry claims that it is Accepted by a ListenerSet that is not taken',
    (object) =>
      entriesOf(object, t.controllerName).every(
        ({ conditions }) => conditionOf(conditions, 'Accepted')?.status !== 'True',
      ),
    'status',
  );
}

/** What is no part of the Gateway has no configuration in its proxies. */
async function noEntryMustBeProgrammed(t: Scenario, set: string): Promise<void> {
  await t.until<ListenerSet>(
    setRef(set),
    'no listener claims that it is Programmed',
    ({ metadata, status }) =>
      (status?.listeners ?? []).every(
        ({ conditions }) => !holds(conditions, { type: 'Programmed', status: 'True' }, metadata?.generation),
      ),
    'status',
  );
}

const backends = { near: 'v1', far: 'far/v1', labelled: 'labelled/v1' };

scenario(
  {
    id: 'listener-set/allowed-namespaces',
    title:
      'A Gateway takes the ListenerSets that spec.allowedListeners selects, by default none, and no other is served',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-default-not-allowed',
      'listenerset-from-none',
      'listenerset-from-same',
      'listenerset-from-selector',
      'listenerset-from-all',
      'listenerset-accepted-set',
      'listenerset-programmed-set',
      'listenerset-refused-entries-not-programmed',
      'listenerset-observedgeneration-current',
      'listenerset-attached-count',
      'listenerset-attached-count-follows',
      'listenerset-route-parentref',
      'parentref-no-listener-accepts-detached',
    ],
    backends: Object.values(backends),
  },
  async (t) => {
    const allow = (from?: string, selector?: object): Promise<ParentGateway> =>
      t.update<ParentGateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
        delete spec.allowedListeners;
        if (from !== undefined)
          spec.allowedListeners = { namespaces: { from, ...(selector && { selector }) } };
      });
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await onlyThese(t, []);
    // What is refused still is refused again with each edit.
    await t.update<ListenerSet>(setRef('far/far'), ({ spec }) => {
      for (const listener of spec.listeners) listener.allowedRoutes = { namespaces: { from: 'Same' } };
    });
    await setMustBeRefused(t, 'far/far', 'NotAllowed');
    await allow('Same');
    await onlyThese(t, ['near']);
    await allow('Selector', {
      matchLabels: { listeners: 'welcome' },
      matchExpressions: [{ key: 'suspended', operator: 'DoesNotExist' }],
    });
    await onlyThese(t, ['labelled']);
    await t.update({ kind: 'Namespace', name: 'labelled' }, ({ metadata }) => {
      if (metadata) metadata.labels = { ...metadata.labels, suspended: 'yes' };
    });
    await onlyThese(t, []);
    await t.update({ kind: 'Namespace', name: 'labelled' }, ({ metadata }) => {
      delete metadata?.labels?.['suspended'];
    });
    await onlyThese(t, ['labelled']);
    await allow('All');
    await onlyThese(t, ['near', 'far', 'labelled']);
    await t.check(
      'an accepted ListenerSet says so with the published reasons',
      async () => {
        const { status } = await t.get<ListenerSet>(setRef('near'));
        expect(conditionOf(status?.conditions, 'Accepted')?.reason).to.equal('Accepted');
        expect(conditionOf(status?.conditions, 'Programmed')?.reason).to.equal('Programmed');
      },
      'status',
    );
    await allow('None');
    await onlyThese(t, []);
    await t.implied(['listenerset-refused-entries-not-programmed'], async () => {
      for (const set of Object.values(sets)) await noEntryMustBeProgrammed(t, set);
    });
  },
);
