import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const echo = { host: 'grpc.example.com', method: 'echo.Echo/Echo', message: { text: 'hello' } };
const echoV2 = { ...echo, method: 'echo.Echo/EchoV2' };
const canary = { ...echo, metadata: { env: 'canary' } };

scenario(
  {
    id: 'guides/kgateway-rule-order',
    title: "In any order of the guide's rules the most specific match wins, not the first",
    support: 'core',
    clauses: [
      'precedence-profile-kgateway-specific-wins',
      'precedence-not-listing-order',
      'header-profile-kgateway-exact',
      'method-profile-kgateway-service-and-method',
      'precedence-profile-kgateway-listing-order',
    ],
    inseparable: {
      'precedence-profile-kgateway-listing-order':
        'it claims the opposite of what the others ask for: the calls that prove them refute it, and the note says so',
    },
    backends: ['grpc-echo', 'grpc-echo-v2'],
  },
  async (t) => {
    t.note(
      'The guide says in its field table that the first rule that matches is used, and in its scenario 2 that the most specific ' +
        'match wins. Gateway API has the second: that is asserted here.',
    );
    const mustRouteAsMeant = async (): Promise<void> => {
      await t.routeMustBeAccepted('echo-route');
      await t.callMust(echo, { backend: 'grpc-echo' });
      await t.barrier();
      await t.callMustAlways(echoV2, { backend: 'grpc-echo-v2' }, 3);
      await t.callMustAlways(canary, { backend: 'grpc-echo-v2' }, 3);
      await t.callMustAlways(echo, { backend: 'grpc-echo' }, 3);
    };
    await t.apply();
    await mustRouteAsMeant();
    for (let turn = 0; turn < 2; turn++) {
      await t.update<Route>({ kind: 'GRPCRoute', name: 'echo-route' }, ({ spec }) => {
        const [first, ...rest] = spec.rules ?? [];
        if (first !== undefined) spec.rules = [...rest, first];
      });
      await mustRouteAsMeant();
    }
  },
);
