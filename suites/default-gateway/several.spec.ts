import { scenario } from '../../harness/index.ts';
import { accepted, call, defaultGatewaysServed, parent } from './default-gateways.ts';

scenario(
  {
    id: 'default-gateway/several',
    title:
      'Every default Gateway takes a route that asks for one, and leaves it to the others when it is deleted',
    support: 'extended',
    channel: 'experimental',
    clauses: ['parentref-default-gateway-all-claim', 'parentref-default-gateway-deleted'],
    backends: ['v1'],
  },
  async (t) => {
    await defaultGatewaysServed(t, 'east', 'west');
    for (const gateway of ['east', 'west']) {
      await t.gatewayMustHaveCondition(gateway, { type: 'DefaultGateway', status: 'True' });
      await t.routeMustHaveCondition('asking', accepted, parent(gateway));
      await t.callMust({ gateway, ...call }, { backend: 'v1' });
    }
    await t.remove({ kind: 'Gateway', name: 'east' });
    await t.routeMustHaveNoParent('asking', parent('east'));
    await t.routeMustHaveCondition('asking', accepted, parent('west'));
    await t.callMustAlways({ gateway: 'west', ...call }, { backend: 'v1' }, 5);
  },
);
