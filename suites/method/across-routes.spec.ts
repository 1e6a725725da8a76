import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe, probeTwo } from '../methods.ts';

const host = 'method.example.com';
/** Names may have 253 characters; the first 63, which are a label's, do not tell these two apart. */
const long = 'a-route-whose-name-says-all-that-there-is-to-say-of-it-and-then-some-more-of-';

/** One of many routes for the host, for calls with that number. */
function byNumber(number: string): KubernetesObject {
  const [service, method] = guideEcho.split('/');
  const name = Number(number) % 2 === 0 ? 'v1' : 'v2';
  const matches = [{ method: { service, method }, headers: [{ name: 'x-number', value: number }] }];
  const route: object = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: `number-${number}` },
    spec: {
      parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
      hostnames: [host],
      rules: [{ matches, backendRefs: [{ name, port: 9000 }] }],
    },
  };
  return route;
}

scenario(
  {
    id: 'method/across-routes',
    title:
      'Routes for one host are combined, each with its own methods, also where their names are long and alike, or they are many',
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

    const crowd = Array.from({ length: 12 }, (_, index) => String(index));
    await t.applyObjects(...crowd.map(byNumber));
    for (const number of crowd) {
      const call = { host, method: guideEcho, metadata: { 'x-number': number } };
      await t.routeMustBeAccepted(`number-${number}`);
      await t.callMust(call, { backend: Number(number) % 2 === 0 ? 'v1' : 'v2' });
    }
  },
);
