import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe, probeTwo } from '../methods.ts';

const host = 'method.example.com';
/** Names may have 253 characters; the first 63, which are a label's, do not tell these two apart. */
const long = 'a-route-whose-name-says-all-that-there-is-to-say-of-it-and-then-some-more-of-';

scenario(
  {
    id: 'method/across-routes',
    title:
      'Routes for one host are combined, each with its own methods, also where their names are long and alike',
    support: 'core',
    clauses: ['grpcroute-multiple-routes-share-listener', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2', 'v3'],
    guards: ['istio/istio#61191'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted(`${long}echo`);
    await t.routeMustBeAccepted(`${long}echo-two`);
    await t.routeMustBeAccepted('probe-route');
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMust({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMust({ host, method: probe }, { backend: 'v3' });
    await t.routeMustBeAccepted('by-dots.and-dashes');
    await t.routeMustBeAccepted('by-dots-and-dashes');
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.callMust({ host, method: guideEchoV2 }, { backend: 'v2' });

    await t.callMustAlways({ host, method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host, method: echoTwo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: guideEcho }, refused, 3);
  },
);
