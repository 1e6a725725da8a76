import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';

scenario(
  {
    id: 'gateway/addresses-refused',
    title: 'A Gateway that asks for an address of an unknown type, or for one that cannot be had, says so',
    support: 'extended',
    clauses: ['gateway-address-unsupported-type', 'gateway-address-not-usable'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustHaveCondition('odd-type', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedAddress',
    });
    await t.gatewayMustHaveCondition('odd-type', { type: 'Programmed', status: 'False' });
    const is = (condition: ConditionStatus | undefined, status: string, reason: string): boolean =>
      condition?.status === status && condition.reason === reason;
    const unusable = await t.until<Gateway>(
      { kind: 'Gateway', name: 'unusable' },
      'Accepted=True and Programmed=False/AddressNotUsable, or Accepted=False/UnsupportedAddress',
      ({ status }) => {
        const [accepted, programmed] = ['Accepted', 'Programmed'].map((type) =>
          conditionOf(status?.conditions, type),
        );
        if (is(accepted, 'False', 'UnsupportedAddress')) return true;
        return accepted?.status === 'True' && is(programmed, 'False', 'AddressNotUsable');
      },
      'status',
    );
    const oddType = await t.get<Gateway>({ kind: 'Gateway', name: 'odd-type' });
    await t.check(
      'neither reports what was asked for as its address',
      () => {
        expect(oddType.status?.addresses ?? []).to.deep.equal([]);
        expect(unusable.status?.addresses?.map(({ value }) => value) ?? []).not.to.include('192.0.2.1');
      },
      'status',
    );
  },
);
