import { scenario } from '../../harness/index.ts';
import { programmedOrNot } from './programmed-or-not.ts';

/** Gateway API advises that a Gateway's name be one of RFC 1035, which may have 63 characters. */
const nameOf = (end: string): string => `edge-of-the-payments-team-in-the-production-cluster-of-the-${end}`;
const east = { gateway: nameOf('east'), host: 'east.example.com' };
/** No Service can be called so. */
const dotted = { gateway: '1.edge.v2', host: 'dotted.example.com' };
const west = { gateway: nameOf('west'), host: 'west.example.com' };

scenario(
  {
    id: 'gateway/long-name',
    title:
      'Gateways whose names are as long as a name in DNS may be, and alike, or have dots, are served each, or said not to be',
    support: 'core',
    clauses: [
      'gateway-accepted-true',
      'gateway-programmed-true',
      'gateway-address-reported',
      'parentref-attach-same-namespace',
      'parentref-multiple-gateways-independent',
    ],
    backends: ['v1', 'v2'],
    guards: ['nginx/nginx-gateway-fabric#4387', 'nginx/nginx-gateway-fabric#4774'],
  },
  async (t) => {
    await t.apply();
    if (await programmedOrNot(t, dotted.gateway)) {
      await t.gatewayMustBeProgrammed(dotted.gateway);
      await t.routeMustBeAccepted('dotted');
      await t.callMust(dotted, { backend: 'v1' });
    }
    for (const { gateway } of [east, west]) if (!(await programmedOrNot(t, gateway))) return;
    for (const { gateway } of [east, west]) await t.gatewayMustBeProgrammed(gateway);
    for (const route of ['east', 'west']) await t.routeMustBeAccepted(route);
    await t.callMust(east, { backend: 'v1' });
    await t.callMust(west, { backend: 'v2' });
  },
);
