import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { pointTo } from '../endpoint-slices.ts';
import { unserved } from '../expected.ts';
import { othersParent } from '../others-status.ts';
import { entriesOf } from '../shapes.ts';
import type { Gateway, ParentStatus, Route } from '../shapes.ts';
import { patchStatus, statusPatch } from '../status-patch.ts';

/** Of another controller, for a Gateway of its own and for one that has an entry of ours. */
function foreigners(t: Scenario): ParentStatus[] {
  const namespace = t.namespace('routeproof-base');
  return ['elsewhere', 'shared'].map((name) => othersParent({ name, namespace, sectionName: 'https' }));
}

const parent = { parent: { name: 'shared', namespace: 'routeproof-base', sectionName: 'https' } };

scenario(
  {
    id: 'status/steady-state',
    title:
      'A route beside entries of other controllers, a Gateway and its class are not written again while other routes and endpoints change',
    support: 'core',
    clauses: ['status-steady-state-quiet', 'status-no-duplicate-entries', 'status-lasttransitiontime-stable'],
    guards: ['cilium/cilium#48367', 'envoyproxy/gateway#4264'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await pointTo(t, 'pool', 'v1');
    await t.apply();
    await t.routeMustHaveCondition(
      'quiet',
      { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' },
      parent,
    );
    await t.routeMustBeAccepted('busy');
    await t.callMust(
      { gateway: 'routeproof-base/shared', host: 'quiet.example.com', tls: true },
      { backend: 'v1' },
    );
    await patchStatus(
      t,
      { kind: 'GRPCRoute', name: 'quiet' },
      foreigners(t).map((value) => ({ op: 'add', path: '/status/parents/-', value })),
    );
    await t.gatewayMustHaveCondition('quiet', { type: 'Accepted', status: 'False' });
    await t.gatewayMustHaveCondition('quiet', { type: 'Programmed', status: 'False' });
    await t.listenerMustHaveCondition('quiet', 'of-nobody', { type: 'Accepted', status: 'False' });
    await t.barrier({ gateway: 'routeproof-base/shared' });
    const settled = await t.get<Route>({ kind: 'GRPCRoute', name: 'quiet' });
    const refused = await t.get<Gateway>({ kind: 'Gateway', name: 'quiet' });
    const classVersion = async (): Promise<string> => {
      const path = 'jsonpath={.metadata.resourceVersion}';
      const { stdout, stderr } = await t.kubectl(['get', 'gatewayclass', t.gatewayClass, '-o', path]);
      await t.check('the class is there', () => expect(stdout, stderr).not.to.equal(''), 'apply');
      return stdout;
    };
    const version = await classVersion();

    // Times count whole seconds: what is written anew now has another one.
    await laterSecond(t);
    // Often enough for a controller that writes on a timer to have its turn.
    for (const name of ['v2', 'v1', 'ghost', 'v2', 'v1', 'ghost', 'v1', 'v2', 'ghost', 'v2']) {
      // That the quiet route has endpoints is all that its conditions could say of them.
      await pointTo(t, 'pool', name === 'v2' ? 'v2' : 'v1');
      await t.update<Route>({ kind: 'GRPCRoute', name: 'busy' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = [{ name, port: 9000 }];
      });
      await t.callMust(
        { gateway: 'routeproof-base/shared', host: 'busy.example.com' },
        name === 'ghost' ? unserved : { backend: name },
      );
    }
    await t.barrier({ gateway: 'routeproof-base/shared' });
    const now = await t.get<Route>({ kind: 'GRPCRoute', name: 'quiet' });
    await t.check(
      'what did not change keeps its entries and their times',
      () => {
        const times = (route: Route): unknown[] =>
          entriesOf(route, t.controllerName).map(({ parentRef, conditions }) => [
            parentRef,
            conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
          ]);
        expect(times(now)).to.have.length(now.spec.parentRefs?.length ?? 0);
        expect(times(now)).to.deep.equal(times(settled));
      },
      'status',
    );
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'the route that did not change was not written',
        () => expect(now.metadata?.resourceVersion).to.equal(settled.metadata?.resourceVersion),
        'status',
      ),
    );
    const still = await t.get<Gateway>({ kind: 'Gateway', name: 'quiet' });
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'the Gateway that did not change was not written either',
        () => expect(still.metadata?.resourceVersion).to.equal(refused.metadata?.resourceVersion),
        'status',
      ),
    );
    await t.implied(['status-steady-state-quiet'], () =>
      t.check('nor was their class', async () => expect(await classVersion()).to.equal(version), 'status'),
    );
    await t.callMustAlways(
      { gateway: 'routeproof-base/shared', host: 'quiet.example.com', tls: true },
      { backend: 'v1' },
      3,
    );

    const more = othersParent({ name: 'elsewhere-too', namespace: t.namespace('routeproof-base') });
    const addition = [{ op: 'add', path: '/status/parents/-', value: more }];
    // As the patch itself leaves it: an answer may be quicker than a look.
    const patch = await t.kubectl([
      ...statusPatch({ kind: 'GRPCRoute', name: 'quiet' }, addition),
      '-o',
      'jsonpath={.metadata.resourceVersion}',
    ]);
    await t.check(
      'the status takes the patch',
      () => expect(patch.exitCode, patch.stderr).to.equal(0),
      'apply',
    );
    await t.barrier({ gateway: 'routeproof-base/shared' });
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'what another controller wrote was not answered by a write',
        async () => {
          const { metadata } = await t.get<Route>({ kind: 'GRPCRoute', name: 'quiet' });
          expect(metadata?.resourceVersion).to.equal(patch.stdout);
        },
        'status',
      ),
    );
  },
);
