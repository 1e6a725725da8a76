import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

type Kind = 'GRPCRoute' | 'HTTPRoute';
const taken = { host: 'taken.example.com', tls: true } as const;

scenario(
  {
    id: 'profiles/kgateway-hostname-conflict',
    title: 'A GRPCRoute whose hostname an HTTPRoute has on the listener is rejected; the two never share one',
    support: 'implementation-specific',
    profiles: ['kgateway-guide'],
    features: ['HTTPRoute'],
    clauses: ['hostname-profile-kgateway-grpcroute-loses', 'status-profile-kgateway-accepted-reasons'],
    backends: ['pages', 'grpc-echo'],
    manifests: ['kgateway-hostname-conflict.first.yaml', 'kgateway-hostname-conflict.second.yaml'],
  },
  async (t) => {
    await t.apply('kgateway-hostname-conflict.first.yaml');
    await t.routeMustBeAccepted('an-http-route', { kind: 'HTTPRoute' });
    await t.routeMustBeAccepted('an-older-grpc-route');
    await t.callMust(taken, { backend: 'pages' });
    await laterSecond(t);

    await t.apply('kgateway-hostname-conflict.second.yaml');
    await t.routeMustHaveCondition('echo-route', { type: 'Accepted', status: 'False' });
    await t.routeMustBeAccepted('an-http-route', { kind: 'HTTPRoute' });
    await t.barrier({ tls: true });
    await t.callMustAlways(taken, { backend: 'pages' }, 3);

    const ofHttp = await acceptedStatus(
      t,
      'HTTPRoute',
      'a-younger-http-route',
      (status) => status !== 'Unknown',
    );
    const other = ofHttp === 'True' ? 'False' : 'True';
    const ofGrpc = await acceptedStatus(t, 'GRPCRoute', 'an-older-grpc-route', (status) => status === other);
    t.note(
      'The guide says nothing of an HTTPRoute that comes after a GRPCRoute, but that hostnames are unique. ' +
        `Here the HTTPRoute is Accepted=${ofHttp}, the older GRPCRoute Accepted=${ofGrpc}.`,
    );
    await t.check('exactly one of them is accepted', () => expect(ofGrpc).to.equal(other), 'status');
  },
);

/** Waits until the route's Accepted condition is of a status that `wanted` takes. */
async function acceptedStatus(
  t: Scenario,
  kind: Kind,
  name: string,
  wanted: (status: string) => boolean,
): Promise<string> {
  const statusOf = (route: Route) =>
    conditionOf(currentConditions(t, route), 'Accepted')?.status ?? 'Unknown';
  const route = await t.until<Route>(
    { kind, name },
    'one of the two is accepted, the other is not',
    (object) => wanted(statusOf(object)),
    'status',
  );
  return statusOf(route);
}
