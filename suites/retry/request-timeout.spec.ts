import { expect, scenario } from '../../harness/index.ts';
import { askBefore, mustEnd, retriesServed } from './tries.ts';

/** The rule's timeout is 1 s: the second of these tries is cut off, and a fourth would begin 1.1 s after the timeout. */
const slow = { path: '/limited', times: 99, delayMs: 700 };
const mostTries = 3;
/** Four tries of the same pace, the first of which begins after that timeout: by their end a fourth of the other request would have begun. */
const later = { path: '/unlimited', times: 99, delayMs: 700 };

scenario(
  {
    id: 'retry/request-timeout',
    title: 'The request timeout of a rule is for all tries together, and ends them with a timeout error',
    support: 'extended',
    features: ['HTTPRoute', 'HTTPRouteRequestTimeout'],
    channel: 'experimental',
    standardSince: 'v1.7.0',
    clauses: ['retry-request-timeout-bounds'],
    backends: ['v1'],
    takesMs: 5000,
  },
  async (t) => {
    await retriesServed(t);
    await mustEnd(t, { path: '/limited', times: 2 }, 200, 3);
    const { status, triesMs } = await askBefore(t, slow, later, 4);
    await t.check(
      'the answer is a timeout error, and no try begins after the timeout, nor after the answer',
      () => {
        expect(status, 'status').to.equal(504);
        expect(triesMs, 'tries of 700 ms').to.have.length.within(1, mostTries);
      },
      'routed',
    );
  },
);
