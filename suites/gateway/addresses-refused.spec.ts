import { expect, scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';

scenario(
  {
    id: 'gateway/addresses-refused',
    title: 'A Gateway that asks for an address of an unknown type is refused',
    support: 'extended',
    clauses: ['gateway-address-unsupported-type'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustHaveCondition('odd-type', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedAddress',
    });
    await t.gatewayMustHaveCondition('odd-type', { type: 'Programmed', status: 'False' });
    const gateway = await t.get<Gateway>({ kind: 'Gateway', name: 'odd-type' });
    await t.check(
      'it has no address',
      () => expect(gateway.status?.addresses ?? []).to.deep.equal([]),
      'status',
    );
  },
);
