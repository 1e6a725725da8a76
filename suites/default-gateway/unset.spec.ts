import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { conditionOf, type Gateway } from '../shapes.ts';
import { call, parent } from './default-gateways.ts';

scenario(
  {
    id: 'default-gateway/unset',
    title: 'A Gateway that is no default takes no route that does not name it',
    support: 'extended',
    channel: 'experimental',
    clauses: ['parentref-default-gateway-unset-not-claimed'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    for (const name of ['unset', 'none']) {
      await t.gatewayMustBeProgrammed(name);
      await t.callMust({ gateway: name, host: 'naming.example.com' }, { backend: 'v1' });
      await t.barrier({ gateway: name });
      const { status } = await t.get<Gateway>({ kind: 'Gateway', name });
      await t.check(
        `Gateway ${name} does not say that it is a default`,
        () => {
          expect(conditionOf(status?.conditions, 'DefaultGateway')?.status).not.to.equal('True');
        },
        'status',
      );
      await t.routeMustHaveNoParent('asking', parent(name));
      await t.callMustAlways({ gateway: name, ...call }, refused, 3);
    }
  },
);
