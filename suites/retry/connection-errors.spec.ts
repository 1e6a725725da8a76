import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import type { EndpointSlice } from '../endpoint-slices.ts';
import { ask, mustEnd, pointToFlaky, retriesServed, type Outcome } from './tries.ts';

/** Nothing listens there on an echo pod. */
const closedPort = 9;
const requests = 20;

scenario(
  {
    id: 'retry/connection-errors',
    title: 'A request whose connection is refused or reset is tried again where its rule has retries',
    support: 'extended',
    features: ['HTTPRoute', 'HTTPRouteRetryConnectionError'],
    channel: 'experimental',
    clauses: ['retry-connection-errors'],
    backends: ['v1'],
  },
  async (t) => {
    await pointToFlaky(t, 'partly-gone');
    await addClosedEndpoint(t, 'partly-gone');
    await retriesServed(t);
    await mustEnd(t, { path: '/reset', first: 'reset', times: 1 }, 200, 2);
    // Half of all tries meet the closed port. With 30 retries one of these requests fails by chance in fewer than 1 of 10^7 runs.
    const outcomes: Outcome[] = [];
    while (outcomes.length < requests) outcomes.push(await ask(t, { path: '/refused' }));
    await t.check(
      'requests of which half of the tries are refused all succeed, each having reached the backend once',
      () => {
        expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(requests).fill(200));
        expect(outcomes.map(({ triesMs }) => triesMs.length)).to.deep.equal(Array(requests).fill(1));
      },
      'routed',
    );
  },
);

async function addClosedEndpoint(t: Scenario, service: string): Promise<void> {
  const ref = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', name: service };
  const open = await t.get<EndpointSlice>(ref);
  const closed: object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-closed`, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: closedPort, protocol: 'TCP' }],
    endpoints: open.endpoints,
  };
  await t.applyObjects(closed);
}
