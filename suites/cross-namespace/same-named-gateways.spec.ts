import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { entriesOf, type Route } from '../shapes.ts';

const here = { host: 'here.example.com' };
const there = { host: 'there.example.com' };
const both = { host: 'both.example.com' };

scenario(
  {
    id: 'cross-namespace/same-named-gateways',
    title:
      'Of two Gateways of one name a route without a namespace for its parent is of the one in its own, and one of both has an entry for each; a namespace and a name that make the same text as others are others',
    support: 'core',
    clauses: [
      'parentref-namespace-defaults-to-route',
      'gateway-listenersnotvalid-none-valid',
      'gateway-accepted-true',
      'parentref-multiple-gateways-independent',
      'parentref-removed-detaches',
      'status-entry-per-parentref',
      'status-removed-parentref-cleaned',
    ],
    backends: ['v1', 'team/v1'],
    parentsWithoutNamespace: ['twin'],
  },
  async (t) => {
    await t.apply();
    for (const gateway of ['twin', 'team/twin']) await t.gatewayMustBeProgrammed(gateway);
    const reason = 'ListenersNotValid';
    await t.gatewayMustHaveCondition('team-twin', { type: 'Accepted', status: 'False', reason });
    await t.routeMustBeAccepted('team-there');
    await t.routeMustBeAccepted('there', { namespace: 'team' });
    await t.callMust({ gateway: 'twin', ...here }, { backend: 'v1' });
    await t.callMust({ gateway: 'team/twin', ...there }, { backend: 'team/v1' });

    await t.barrier({ gateway: 'twin' });
    await t.callMustAlways({ gateway: 'twin', ...there }, refused);
    await t.barrier({ gateway: 'team/twin' });
    await t.callMustAlways({ gateway: 'team/twin', ...here }, refused);
    for (const namespace of ['default', 'team']) {
      const name = namespace === 'team' ? 'there' : 'team-there';
      const route = await t.get<Route>({ kind: 'GRPCRoute', name, namespace });
      await t.check(
        `the route ${name} has one parent`,
        () => expect(entriesOf(route, t.controllerName)).to.have.length(1),
        'status',
      );
    }

    const ofBoth = { kind: 'GRPCRoute', name: 'both-twins' };
    const entriesMustBe = (text: string, namespaces: string[]): Promise<void> =>
      t.check(
        text,
        async () => {
          const entries = entriesOf(await t.get<Route>(ofBoth), t.controllerName);
          const own = t.namespace();
          expect(entries.map(({ parentRef: { namespace = own } }) => namespace)).to.have.members(
            namespaces.map((namespace) => t.namespace(namespace)),
          );
        },
        'status',
      );
    await t.routeMustBeAccepted('both-twins');
    for (const gateway of ['twin', 'team/twin']) await t.callMust({ gateway, ...both }, { backend: 'v1' });
    await entriesMustBe('the route of both has an entry for each', ['default', 'team']);

    await t.update<Route>(ofBoth, ({ spec }) => {
      spec.parentRefs = spec.parentRefs?.filter(({ namespace }) => namespace === undefined) ?? [];
    });
    await t.routeMustHaveNoParent('both-twins', { parent: { name: 'twin', namespace: 'team' } });
    await t.routeMustBeAccepted('both-twins');
    await entriesMustBe('the entry for the one that it has left is gone', ['default']);
    await t.callMust({ gateway: 'team/twin', ...both }, refused);
    await t.callMustAlways({ gateway: 'twin', ...both }, { backend: 'v1' }, 3);
  },
);
