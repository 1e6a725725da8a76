import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe } from '../methods.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/near-misses',
    title: 'A name that is almost right does not match: other case, a part, a dot for another character',
    support: 'core',
    clauses: [
      'method-exact-service-case-sensitive',
      'method-exact-method-case-sensitive',
      'method-exact-is-not-prefix',
      'grpcroute-unmatched-call-unimplemented',
    ],
    backends: ['v1', 'v2'],
    guards: ['Kong/kong-operator#4621', 'Kong/kong-operator#4673', 'traefik/traefik#13172'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('near-misses');
    await t.callMust({ host, method: guideEcho }, { backend: 'v2' });

    // The manifest writes dots where GrpcEcho's package has underscores: an Exact name used as a pattern would match.
    for (const method of [echo, echoTwo, probe, guideEchoV2]) {
      await t.callMustAlways({ host, method }, refused);
    }
    await t.callMust({ host, method: guideEcho, tls: true }, { backend: 'v2' });
    for (const method of [echo, echoTwo, probe, guideEchoV2])
      await t.callMustAlways({ host, method, tls: true }, refused, 3);
  },
);
