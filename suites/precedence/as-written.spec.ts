import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';

const call = { host: 'rpc.deep.example.com' };

scenario(
  {
    id: 'precedence/as-written',
    title: 'Routes that a listener narrows to one hostname are ranked by the hostnames that they wrote',
    support: 'extended',
    features: ['GatewayRouteHostnameIntersectionPrecedence'],
    clauses: ['hostname-intersection-as-written'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['as-written.yaml', 'as-written.younger.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.routeMustBeAccepted('aa-widest');
    await t.callMust(call, { backend: 'v1' });
    await laterSecond(t);
    await t.apply('as-written.younger.yaml');
    await t.routeMustBeAccepted('bb-wide');
    await t.routeMustBeAccepted('cc-exact');
    await t.callMust(call, { backend: 'v3' });
    await t.callMustAlways(call, { backend: 'v3' });

    await t.remove({ kind: 'GRPCRoute', name: 'cc-exact' });
    await t.callMust(call, { backend: 'v2' });
    await t.callMustAlways(call, { backend: 'v2' });
    await t.remove({ kind: 'GRPCRoute', name: 'bb-wide' });
    await t.callMust(call, { backend: 'v1' });
  },
);
