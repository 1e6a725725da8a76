import { expect, scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';

const gateway = 'routeproof-base/shared';

scenario(
  {
    id: 'gateway/every-address',
    title: 'Every listener answers on every address that the Gateway reports',
    support: 'core',
    clauses: [
      'gateway-listeners-on-every-address',
      'gateway-address-reported',
      'gateway-address-omitted-assigned',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('rpc');
    await t.callMust({ gateway, host: 'rpc.example.com' }, { backend: 'v1' });
    await t.callMust({ gateway, host: 'rpc.example.com', tls: true }, { backend: 'v1' });
    const { status } = await t.get<Gateway>({
      kind: 'Gateway',
      name: 'shared',
      namespace: 'routeproof-base',
    });
    const addresses = status?.addresses ?? [];
    await t.check(
      'addresses have been assigned, each with its type and once',
      () => {
        expect(addresses).not.to.deep.equal([]);
        for (const { type, value } of addresses) {
          expect(value).not.to.equal('');
          expect(type ?? 'IPAddress').to.match(/^(IPAddress|Hostname|.+\/.+)$/);
        }
        expect(new Set(addresses.map(({ value }) => value)).size).to.equal(addresses.length);
      },
      'status',
    );
    for (const { value } of addresses) {
      await t.callMustAlways({ gateway: value, host: 'rpc.example.com' }, { backend: 'v1' }, 3);
      await t.callMustAlways({ gateway: value, host: 'rpc.example.com', tls: true }, { backend: 'v1' }, 3);
    }
  },
);
