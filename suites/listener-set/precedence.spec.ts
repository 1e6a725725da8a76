import { expect, scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { lost, steadyCalls } from '../steady-calls.ts';
import { conditionOf } from '../shapes.ts';
import {
  attachedSetsMustBe,
  entryMustBeConflicted,
  entryMustHaveCondition,
  entryOf,
  setMustBeProgrammed,
  setRef,
} from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const conflict = { type: 'Conflicted', status: 'True', reason: 'HostnameConflict' } as const;

scenario(
  {
    id: 'listener-set/precedence',
    title:
      'Of two ListenerSets with one hostname, or one port, the older wins, also when it is edited to have it; when it goes, the younger takes over, and keeps it when it is made again',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-precedence-oldest',
      'listenerset-winner-not-conflicted',
      'listenerset-protocol-conflict-conditions',
      'listenerset-conflict-released',
      'listenerset-attached-count-follows',
      'listenerset-observedgeneration-current',
      'listenerset-no-information-leak',
    ],
    backends: ['zz-team/v1', 'aa-team/v2'],
    manifests: ['precedence.yaml', 'precedence.younger.yaml'],
    takesMs: 2000,
  },
  async (t) => {
    const ca = await t.tlsSecret({ name: 'younger-cert', namespace: 'aa-team' }, ['secure.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'zz-team/zz-older');
    await laterSecond(t);
    await t.apply('precedence.younger.yaml');
    await entryMustHaveCondition(t, 'aa-team/aa-younger', 'contested', conflict);
    await entryMustBeConflicted(t, 'aa-team/aa-younger', 'port', 'ProtocolConflict');
    await setMustBeProgrammed(t, 'aa-team/aa-younger');
    await attachedSetsMustBe(t, 'edge', 2);
    await t.check(
      'the older one has no conflict',
      async () => {
        const older = await t.get<ListenerSet>(setRef('zz-team/zz-older'));
        for (const name of ['contested', 'port']) {
          const { conditions } = entryOf(older, name) ?? {};
          expect(conditionOf(conditions, 'Accepted')?.status, name).to.equal('True');
          expect(conditionOf(conditions, 'Conflicted')?.status, name).to.not.equal('True');
        }
      },
      'status',
    );
    const younger = await t.get<ListenerSet>(setRef('aa-team/aa-younger'));
    await t.check(
      'the loser does not learn whom it lost to',
      () => {
        const told = JSON.stringify(younger.status);
        expect(told).to.not.contain('zz-older');
        expect(told).to.not.contain(t.namespace('zz-team'));
      },
      'status',
    );
    await t.callMust({ host: 'younger.example.com' }, { backend: 'aa-team/v2' });
    await t.callMust({ host: 'prize.example.com' }, { backend: 'zz-team/v1' });
    await t.callMustAlways({ host: 'prize.example.com' }, { backend: 'zz-team/v1' });
    await t.callMust({ host: 'plain.example.com', port: 8086 }, { backend: 'zz-team/v1' });

    const own = (hostname: string) =>
      t.update<ListenerSet>(setRef('zz-team/zz-older'), ({ spec }) => {
        for (const listener of spec.listeners)
          if (listener.name === 'own') listener.hostname = t.host(hostname);
      });
    await own('younger.example.com');
    await entryMustHaveCondition(t, 'zz-team/zz-older', 'own', { type: 'Accepted', status: 'True' });
    await entryMustHaveCondition(t, 'aa-team/aa-younger', 'own', conflict);
    await t.callMust({ host: 'younger.example.com' }, { backend: 'zz-team/v1' });
    // The loser is edited as well, and has still lost.
    await t.update<ListenerSet>(setRef('aa-team/aa-younger'), ({ spec }) => {
      for (const listener of spec.listeners)
        if (listener.name === 'own') listener.allowedRoutes = { kinds: [{ kind: 'GRPCRoute' }] };
    });
    await entryMustHaveCondition(t, 'aa-team/aa-younger', 'contested', conflict);
    await own('older.example.com');
    await entryMustHaveCondition(t, 'aa-team/aa-younger', 'own', { type: 'Accepted', status: 'True' });
    await t.callMust({ host: 'younger.example.com' }, { backend: 'aa-team/v2' });

    const steady = steadyCalls(t, { host: 'younger.example.com' });
    await t.remove({ kind: 'ListenerSet', name: 'zz-older', namespace: 'zz-team' });
    for (const entry of ['contested', 'port'])
      for (const type of ['Accepted', 'Programmed'])
        await entryMustHaveCondition(t, 'aa-team/aa-younger', entry, { type, status: 'True' });
    await attachedSetsMustBe(t, 'edge', 1);
    await t.callMust({ host: 'prize.example.com' }, { backend: 'aa-team/v2' });
    await t.callMust({ host: 'secure.example.com', port: 8086, tls: { ca } }, { backend: 'aa-team/v2' });
    await t.check(
      'it is in conflict no more',
      async () => {
        const winner = await t.get<ListenerSet>(setRef('aa-team/aa-younger'));
        for (const name of ['contested', 'port']) {
          const { conditions } = entryOf(winner, name) ?? {};
          expect(conditionOf(conditions, 'Conflicted')?.status, name).to.not.equal('True');
        }
      },
      'status',
    );
    const results = await steady.stop();
    await t.check(
      'its other listener lost no call meanwhile',
      () => expect(lost(results)).to.deep.equal([]),
      'routed',
    );

    // Made again it is the younger one.
    await t.apply();
    await entryMustHaveCondition(t, 'zz-team/zz-older', 'contested', conflict);
    await setMustBeProgrammed(t, 'zz-team/zz-older');
    await t.callMustAlways({ host: 'prize.example.com' }, { backend: 'aa-team/v2' });
  },
);
