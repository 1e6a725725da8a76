import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { backdate, timesMustHaveMoved } from '../transition-times.ts';
import {
  attachedSetsMustBe,
  entryMustBeConflicted,
  entryMustHaveCondition,
  entryOf,
  setMustBeProgrammed,
  setMustBeRefused,
  setRef,
} from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

scenario(
  {
    id: 'listener-set/hostname-conflict',
    title:
      'A listener of a ListenerSet that repeats one of the Gateway loses, says so, and takes nothing with it',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listener-conflicted-hostname-reason',
      'listener-distinct-required',
      'listener-attachedroutes-unhealthy-listener',
      'status-lasttransitiontime-on-flip',
      'listenerset-hostname-conflict-conditions',
      'listenerset-precedence-gateway-first',
      'listenerset-winner-not-conflicted',
      'listenerset-conflict-message',
      'listenerset-some-invalid-accepted',
      'listenerset-all-invalid',
      'listenerset-attached-count',
      'listenerset-gateway-status-not-polluted',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const set of ['partly', 'wholly']) await entryMustBeConflicted(t, set, 'twin', 'HostnameConflict');
    await entryMustBeConflicted(t, 'partly', 'any', 'HostnameConflict');
    await t.until<ListenerSet>(
      setRef('partly'),
      'attachedRoutes is 1 on each listener, whether it is in conflict or not',
      (set) => ['twin', 'good', 'any'].every((name) => entryOf(set, name)?.attachedRoutes === 1),
      'status',
    );
    await setMustBeProgrammed(t, 'partly');
    await entryMustHaveCondition(t, 'partly', 'good', { type: 'Programmed', status: 'True' });
    await setMustBeRefused(t, 'wholly', 'ListenersNotValid');
    await attachedSetsMustBe(t, 'edge', 1);
    await t.check(
      'the conflict is explained, and only the loser has it',
      async () => {
        const partly = await t.get<ListenerSet>(setRef('partly'));
        const twin = entryOf(partly, 'twin')?.conditions;
        expect(conditionOf(twin, 'Conflicted')?.message).to.match(/\S+ \S+/);
        expect(conditionOf(entryOf(partly, 'good')?.conditions, 'Conflicted')?.status).to.not.equal('True');
        for (const type of ['Accepted', 'Programmed']) {
          t.note(`${type} of the loser: ${conditionOf(twin, type)?.reason ?? ''}`);
        }
      },
      'status',
    );
    await t.check(
      'the Gateway is as it would be without them',
      async () => {
        const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'edge' });
        expect(conditionOf(gateway.status?.conditions, 'Accepted')?.reason).to.equal('Accepted');
        expect(conditionOf(gateway.status?.conditions, 'Programmed')?.status).to.equal('True');
        expect(gateway.status?.listeners?.map(({ name }) => name)).to.have.members(['http', 'free', 'any']);
        for (const name of ['http', 'free', 'any']) {
          const { conditions } = listenerOf(gateway, name) ?? {};
          expect(conditionOf(conditions, 'Accepted')?.status).to.equal('True');
          expect(conditionOf(conditions, 'Conflicted')?.status).to.not.equal('True');
        }
      },
      'status',
    );
    await t.callMust({ host: 'good.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'taken.example.com' }, { backend: 'v1' });
    await t.barrier({ listener: 'free' });
    await t.callMustAlways({ host: 'taken.example.com' }, { backend: 'v1' });
    // Two listeners without a hostname have the same one as well.
    await t.callMust({ host: 'any.example.com', port: 8087 }, { backend: 'v1' });
    await t.callMustAlways({ host: 'any.example.com', port: 8087 }, { backend: 'v1' });

    // The Gateway's own listener goes first, also when it is the later one.
    const ages = await backdate(t, setRef('partly'));
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      const [http] = spec.listeners;
      if (http !== undefined) http.hostname = t.host('good.example.com');
    });
    await t.listenerMustHaveCondition('edge', 'http', { type: 'Accepted', status: 'True' });
    await entryMustBeConflicted(t, 'partly', 'good', 'HostnameConflict');
    await t.callMust({ host: 'good.example.com' }, { backend: 'v1' });
    const flipped = await entryMustHaveCondition(t, 'partly', 'twin', { type: 'Accepted', status: 'True' });
    await t.check(
      'the times of conditions that flipped have moved',
      () => timesMustHaveMoved(t, flipped, ages, ['good Accepted', 'twin Accepted']),
      'status',
    );
  },
);
