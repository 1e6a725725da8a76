import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';

type AddressedGateway = Gateway & { spec: { addresses?: object[] | undefined } };

const ref = { kind: 'Gateway', name: 'unusable' };

scenario(
  {
    id: 'gateway/addresses-refused',
    title:
      'A Gateway that asks for an address of an unknown type, or for one that cannot be had, be it beside others, at first or later, says so',
    support: 'extended',
    clauses: [
      'gateway-address-unsupported-type',
      'gateway-address-not-usable',
      'gateway-address-omitted-assigned',
      'gateway-programmed-true',
    ],
  },
  async (t) => {
    await t.apply();
    for (const gateway of ['odd-type', 'odd-second']) {
      await t.gatewayMustHaveCondition(gateway, {
        type: 'Accepted',
        status: 'False',
        reason: 'UnsupportedAddress',
      });
      await t.gatewayMustHaveCondition(gateway, { type: 'Programmed', status: 'False' });
    }
    const is = (condition: ConditionStatus | undefined, status: string, reason: string): boolean =>
      condition?.status === status && condition.reason === reason;
    const mustBeUnusable = (): Promise<Gateway> =>
      t.until<Gateway>(
        ref,
        'Accepted=True and Programmed=False/AddressNotUsable, or Accepted=False/UnsupportedAddress',
        ({ metadata, status }) => {
          const [accepted, programmed] = ['Accepted', 'Programmed'].map((type) =>
            conditionOf(status?.conditions, type),
          );
          if (accepted?.observedGeneration !== metadata?.generation) return false;
          if (is(accepted, 'False', 'UnsupportedAddress')) return true;
          return (
            accepted?.status === 'True' &&
            is(programmed, 'False', 'AddressNotUsable') &&
            programmed?.observedGeneration === metadata?.generation
          );
        },
        'status',
      );
    const unusable = await mustBeUnusable();
    const oddType = await t.get<Gateway>({ kind: 'Gateway', name: 'odd-type' });
    await t.check(
      'neither reports what was asked for as its address',
      () => {
        expect(oddType.status?.addresses ?? []).to.deep.equal([]);
        expect(unusable.status?.addresses?.map(({ value }) => value) ?? []).not.to.include('192.0.2.1');
      },
      'status',
    );

    // Whoever asks for no address any more gets one, and whoever asks later is told as well.
    const setAddresses = (addresses?: object[]): Promise<AddressedGateway> =>
      t.update<AddressedGateway>(ref, ({ spec }) => {
        spec.addresses = addresses;
      });
    const { spec: written } = await t.get<AddressedGateway>(ref);
    await setAddresses();
    await t.gatewayMustBeProgrammed('unusable');
    const { status } = await t.get<Gateway>(ref);
    await setAddresses(written.addresses);
    await mustBeUnusable();

    // Nor will one that it has had make up for one that it cannot have.
    await setAddresses([...(status?.addresses ?? []).slice(0, 1), ...(written.addresses ?? [])]);
    await mustBeUnusable();
  },
);
