import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { conditionOf, type Gateway, type Route } from '../shapes.ts';
import { accepted, asking, call, defaultGatewaysServed, parent } from './default-gateways.ts';

const edge = { kind: 'Gateway', name: 'edge' };

scenario(
  {
    id: 'default-gateway/claimed',
    title:
      'A default Gateway says that it is one, and takes the routes that ask for one and that it allows, as long as both say so',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'parentref-default-gateway-claimed',
      'parentref-default-gateway-condition',
      'parentref-default-gateway-spec-untouched',
      'parentref-default-gateway-allowedroutes',
      'parentref-default-gateway-unset-not-claimed',
      'gateway-observedgeneration-current',
    ],
    backends: ['v1', 'other/v1'],
  },
  async (t) => {
    await defaultGatewaysServed(t, 'edge');
    await t.gatewayMustHaveCondition('edge', { type: 'DefaultGateway', status: 'True' });
    await t.routeMustHaveCondition('asking', accepted, parent('edge'));
    await t.callMust(call, { backend: 'v1' });
    const { status } = await t.get<Gateway>(edge);
    await t.check(
      'the condition names the scope',
      () => {
        const { message, reason } = conditionOf(status?.conditions, 'DefaultGateway') ?? {};
        expect(`${reason ?? ''} ${message ?? ''}`, 'reason and message').to.contain('All');
      },
      'status',
    );

    await t.update<Gateway>(edge, (gateway) => {
      gateway.spec.infrastructure = { labels: { edited: 'yes' } };
    });
    await t.gatewayMustHaveCondition('edge', { type: 'DefaultGateway', status: 'True' });

    const { metadata, spec } = await t.get<Route>(asking);
    await t.check(
      'the route is as it was written: no parentRefs, first generation',
      () => {
        expect(spec.parentRefs ?? []).to.deep.equal([]);
        expect(metadata?.generation, 'generation').to.equal(1);
      },
      'status',
    );

    // One of another namespace, and one that asks for no default Gateway. The barrier has shown that both have been judged.
    const none = { host: 'none.example.com' };
    const foreign = { host: 'foreign.example.com' };
    await t.routeMustHaveNoParent('none', parent('edge'));
    await t.callMustAlways(none, refused, 3);
    await t.callMustAlways(foreign, refused, 3);

    const scope = (defaultScope?: string) =>
      t.update<Gateway & { spec: { defaultScope?: string } }>(edge, (gateway) => {
        if (defaultScope === undefined) delete gateway.spec.defaultScope;
        else gateway.spec.defaultScope = defaultScope;
      });
    await scope();
    await t.until<Gateway>(
      edge,
      'no condition DefaultGateway',
      ({ status: now }) => conditionOf(now?.conditions, 'DefaultGateway') === undefined,
    );
    await t.routeMustHaveNoParent('asking', parent('edge'));
    await t.callMust(call, refused);

    await scope('All');
    await t.routeMustHaveCondition('asking', accepted, parent('edge'));
    await t.callMust(call, { backend: 'v1' });
    const ask = (useDefaultGateways: string) =>
      t.update<Route & { spec: { useDefaultGateways?: string } }>(
        { kind: 'GRPCRoute', name: 'none' },
        (route) => {
          route.spec.useDefaultGateways = useDefaultGateways;
        },
      );
    await ask('All');
    await t.routeMustHaveCondition('none', accepted, parent('edge'));
    await t.callMust(none, { backend: 'v1' });
    await ask('None');
    await t.routeMustHaveNoParent('none', parent('edge'));
    await t.callMust(none, refused);
  },
);
