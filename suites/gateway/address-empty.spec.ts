import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const ref = { kind: 'Gateway', name: 'edge' };
const call = { host: 'rpc.example.com' };

scenario(
  {
    id: 'gateway/address-empty',
    title:
      'A Gateway that asks for some address of a type gets one and keeps it by name, or says that it cannot',
    support: 'extended',
    clauses: ['gateway-address-empty-value', 'gateway-address-empty-unsupported', 'gateway-address-static'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!t.supportedFeatures.has('GatewayAddressEmpty')) {
      t.note('the class does not claim GatewayAddressEmpty');
      await t.gatewayMustHaveCondition('edge', {
        type: 'Programmed',
        status: 'False',
        reason: 'AddressNotAssigned',
      });
      return;
    }
    const address = await t.gatewayMustBeProgrammed('edge');
    const assigned = (await t.get<Gateway>(ref)).status?.addresses ?? [];
    await t.check(
      'an address of the type has been assigned',
      () => expect(assigned.map(({ type }) => type ?? 'IPAddress')).to.include('IPAddress'),
      'status',
    );
    await t.callMust(call, { backend: 'v1' });

    await t.update<Gateway & { spec: { addresses?: object[] } }>(ref, ({ spec }) => {
      spec.addresses = [{ type: 'IPAddress', value: address }];
    });
    const pinned = await t.until<Gateway>(
      ref,
      'Programmed is judged at the current generation',
      ({ metadata, status }) =>
        conditionOf(status?.conditions, 'Programmed')?.observedGeneration === metadata?.generation,
      'status',
    );
    const programmed = conditionOf(pinned.status?.conditions, 'Programmed');
    if (programmed?.status === 'False' && !t.supportedFeatures.has('GatewayStaticAddresses')) {
      t.note(`addresses cannot be asked for by value: ${programmed.reason}`);
      return;
    }
    await t.gatewayMustBeProgrammed('edge');
    await t.check(
      'the address that was asked for is the one that it has',
      async () => {
        const { status } = await t.get<Gateway>(ref);
        expect(status?.addresses?.map(({ value }) => value)).to.deep.equal([address]);
      },
      'status',
    );
    await t.callMust(call, { backend: 'v1' });
  },
);
