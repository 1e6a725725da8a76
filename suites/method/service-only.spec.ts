import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, probe, probeTwo } from '../methods.ts';

const host = 'method.example.com';
const near = 'near.example.com';

scenario(
  {
    id: 'method/service-only',
    title: 'A match on a service alone takes all its methods, but no service whose name begins with it',
    support: 'core',
    clauses: ['method-exact-service-only', 'method-exact-service-only-whole-name', 'match-all-of-conditions'],
    backends: ['v1', 'v2'],
    guards: ['cilium/cilium#34079', 'projectcontour/contour#5116'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('whole-services');
    await t.routeMustBeAccepted('near-misses');

    for (const method of [probe, 'routeproof.v1.Probe/ServerStream', 'routeproof.v1.Probe/BidiStream']) {
      await t.callMust({ host, method }, { backend: 'v1' });
    }
    for (const method of [echo, echoTwo]) {
      await t.callMust({ host, method }, { backend: 'v2' });
    }
    await t.callMust({ host, method: guideEcho, metadata: { env: 'canary' } }, { backend: 'v2' });
    for (const method of [probeTwo, guideEcho]) {
      await t.callMustAlways({ host, method }, refused, 3);
    }

    await t.callMust({ host: near, method: guideEcho }, { backend: 'v2' });
    // The manifest writes dots where GrpcEcho's package has underscores: an Exact name used as a pattern would match.
    for (const method of [echo, echoTwo, probe]) {
      await t.callMustAlways({ host: near, method }, refused, 3);
    }
    await t.callMust({ host: near, method: guideEcho, tls: true }, { backend: 'v2' });
    for (const method of [echo, echoTwo, probe])
      await t.callMustAlways({ host: near, method, tls: true }, refused, 3);
  },
);
