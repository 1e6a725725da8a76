import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { applySlice } from '../endpoint-slices.ts';
import { ask, httpPort, mustEnd, pointToFlaky, retriesServed, untilAnswered, type Outcome } from './tries.ts';

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
    standardSince: 'v1.7.0',
    clauses: ['retry-connection-errors'],
    backends: ['v1'],
  },
  async (t) => {
    await pointToFlaky(t, 'partly-gone');
    await retriesServed(t);
    await mustEnd(t, { path: '/reset', first: 'reset', times: 1 }, 200, 2);
    await refuseHalf(t);
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

/**
 * Half of the connections to `partly-gone` are refused from now on. In steps that can be seen from outside, so that the gateway
 * knows both endpoints: the open one turns into the closed one, and an open one comes again.
 */
async function refuseHalf(t: Scenario): Promise<void> {
  const service = 'partly-gone';
  await untilAnswered(t, '/unretried', 'with 200 by the open endpoint', (status) => status === 200);
  await applySlice(t, { name: service, service, ports: { http: closedPort } }, 'v1');
  await untilAnswered(t, '/unretried', 'with an error, of the closed endpoint', (status) => status !== 200);
  await applySlice(t, { name: `${service}-open`, service, ports: { http: httpPort } }, 'v1');
  await untilAnswered(t, '/unretried', 'with 200 by the open endpoint again', (status) => status === 200);
}
