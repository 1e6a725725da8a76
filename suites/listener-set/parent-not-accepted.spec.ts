import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { setMustBeProgrammed, setMustHaveCondition, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };

scenario(
  {
    id: 'listener-set/parent-not-accepted',
    title: 'Without an accepted Gateway a ListenerSet is not accepted; without any Gateway it waits',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: ['listenerset-parent-not-accepted', 'listenerset-default-pending', 'status-preferred-reasons'],
    manifests: ['parent-not-accepted.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'False' });
    await setMustHaveCondition(t, 'team', {
      type: 'Accepted',
      status: 'False',
      reason: 'ParentNotAccepted',
    });
    await setMustHaveCondition(t, 'team', { type: 'Programmed', status: 'False' });
    const team = await t.get<ListenerSet>(setRef('team'));
    await t.check(
      'Programmed has one of the reasons that are published for it',
      () =>
        expect(conditionOf(team.status?.conditions, 'Programmed')?.reason).to.be.oneOf([
          'Invalid',
          'ParentNotProgrammed',
          'ListenersNotValid',
          'PortUnavailable',
        ]),
      'status',
    );

    await t.update<Gateway>(ref, ({ spec }) => {
      delete (spec as { addresses?: unknown }).addresses;
    });
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'team');
    const orphan = await t.get<ListenerSet>(setRef('orphan'));
    await t.check(
      'the ListenerSet of no Gateway has the default conditions still',
      () => {
        for (const type of ['Accepted', 'Programmed']) {
          const { status, reason } = conditionOf(orphan.status?.conditions, type) ?? {};
          expect(`${type}=${status ?? ''}/${reason ?? ''}`).to.equal(`${type}=Unknown/Pending`);
        }
      },
      'status',
    );
  },
);
