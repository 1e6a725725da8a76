import type { Gateway } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

function withAddresses(gateway: Gateway, addresses: Gateway['spec']['addresses']): Gateway {
  if (addresses?.length === gateway.spec.addresses?.length) return gateway;
  const { addresses: _addresses, ...spec } = gateway.spec;
  return { ...gateway, spec: { ...spec, ...(addresses && { addresses }) } };
}

/** Addresses that a Gateway asks for. */
export const addresses: readonly Fault[] = [
  {
    name: 'later-address-types-ignored',
    title: 'Of several addresses that a Gateway asks for only the type of the first is looked at.',
    clauses: ['gateway-address-unsupported-type'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => withAddresses(gateway, gateway.spec.addresses?.slice(0, 1))),
    }),
  },
  {
    name: 'later-address-values-ignored',
    title: 'Of several addresses that a Gateway asks for it need only get the first.',
    clauses: ['gateway-address-not-usable'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { addresses } = gateway.spec;
        if (addresses === undefined) return gateway;
        const [first = {}, ...others] = addresses;
        const known = [first, ...others.map(({ value: _value, ...address }) => address)];
        return { ...gateway, spec: { ...gateway.spec, addresses: known } };
      }),
    }),
  },
  {
    name: 'address-asked-for-once-still-missed',
    title: 'A Gateway that once asked for an address that it cannot have is never Programmed.',
    clauses: ['gateway-programmed-true', 'gateway-address-omitted-assigned'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Gateway['spec']['addresses']>('gateways', (gateway, asked) => ({
        edited: withAddresses(gateway, gateway.spec.addresses ?? asked),
        keep: gateway.spec.addresses ?? asked,
      })),
  },
  {
    name: 'address-asked-for-later-ignored',
    title:
      'A Gateway that asks for an address when it is Programmed already stays so, whether it can have it or not.',
    clauses: ['gateway-address-not-usable'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', 'served'>('gateways', (gateway, before) => ({
        edited: before === undefined ? gateway : withAddresses(gateway, undefined),
        keep: (before ?? (gateway.spec.addresses === undefined ? 'served' : undefined)) as 'served',
      })),
  },
];
