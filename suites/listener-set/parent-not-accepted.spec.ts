import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';
import { backdate, timesMustHaveMoved } from '../transition-times.ts';
import { setMustBeProgrammed, setMustHaveCondition, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

type AddressedGateway = Gateway & { spec: { addresses?: object[] | undefined } };

const ref = { kind: 'Gateway', name: 'edge' };
const parentNotAccepted = { type: 'Accepted', status: 'False', reason: 'ParentNotAccepted' } as const;

scenario(
  {
    id: 'listener-set/parent-not-accepted',
    title:
      'Without an accepted Gateway a ListenerSet is not accepted, also when it was before; without any Gateway it waits',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: [
      'listenerset-parent-not-accepted',
      'listenerset-default-pending',
      'status-preferred-reasons',
      'status-lasttransitiontime-on-flip',
    ],
    manifests: ['parent-not-accepted.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'False' });
    await setMustHaveCondition(t, 'team', parentNotAccepted);
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

    const written = await t.get<AddressedGateway>(ref);
    await t.update<AddressedGateway>(ref, ({ spec }) => {
      delete spec.addresses;
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

    // What was accepted is judged again when its Gateway changes.
    const ages = await backdate(t, setRef('team'));
    await t.update<AddressedGateway>(ref, ({ spec }) => {
      spec.addresses = written.spec.addresses;
    });
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'False' });
    await setMustHaveCondition(t, 'team', parentNotAccepted);
    const refused = await setMustHaveCondition(t, 'team', { type: 'Programmed', status: 'False' });
    await t.check(
      'the times of its own conditions have moved with their flip',
      () => timesMustHaveMoved(t, refused, ages, ['Accepted', 'Programmed']),
      'status',
    );
  },
);
