import { expect, scenario } from '../../harness/index.ts';
import { ask, retriesServed } from './tries.ts';

const backoffMs = 500;
/** A proxy's timers count from the start of a turn of its event loop, which is a little before it sets them. */
const earlyMs = 20;

scenario(
  {
    id: 'retry/backoff',
    title: 'No retry comes before the backoff of its rule is over',
    support: 'extended',
    features: ['HTTPRoute'],
    channel: 'experimental',
    standardSince: 'v1.7.0',
    clauses: ['retry-backoff-minimum'],
    backends: ['v1'],
    takesMs: 3000,
  },
  async (t) => {
    await retriesServed(t);
    const { status, triesMs } = await ask(t, { path: '/later', times: 2 });
    const pausesMs = triesMs.slice(1).map((atMs, index) => Math.round(atMs - (triesMs[index] ?? 0)));
    t.note(`The rule says 500 ms; the retries came after ${pausesMs.join(' and ')} ms.`);
    await t.check(
      'both retries come, each at least 500 ms after the try before it, by the clock of the backend',
      () => {
        expect(status, 'status').to.equal(200);
        expect(pausesMs, 'pauses').to.have.length(2);
        for (const pauseMs of pausesMs) expect(pauseMs).to.be.at.least(backoffMs - earlyMs);
      },
      'routed',
    );
  },
);
