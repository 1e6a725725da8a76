import type { LoadSubject } from '../subject.ts';

/** What the gateway adds to a unary call, beside what Envoy itself does. */
export const unaryLatency: LoadSubject = {
  name: 'unary-latency',
  title: 'Latency of unary calls at a fixed arrival rate',
  sides: ['direct', 'floor', 'gateway'],
  calibrated: true,
  plans: {
    quick: { rateRps: 300, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    // About 2 min: enough calls (10,800 each way) for a p99.9 that stands on ten of them, and blocks enough for intervals.
    long: { rateRps: 300, blocks: 12, blockSeconds: 3, warmupSeconds: 5 },
  },
};
