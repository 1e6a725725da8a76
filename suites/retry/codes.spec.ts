import { scenario } from '../../harness/index.ts';
import { mustEnd, retriesServed } from './tries.ts';

scenario(
  {
    id: 'retry/codes',
    title: 'A request is tried again after each status that its rule lists, and after no other',
    support: 'extended',
    features: ['HTTPRoute'],
    channel: 'experimental',
    standardSince: 'v1.7.0',
    clauses: ['retry-http-codes-supported'],
    backends: ['v1'],
  },
  async (t) => {
    await retriesServed(t);
    for (const first of [500, 502, 503, 504]) {
      await mustEnd(t, { path: '/each', first, times: 1 }, 200, 2);
      await mustEnd(t, { path: '/none', first, times: 1 }, first, 1);
    }
    for (const first of [502, 503, 504]) await mustEnd(t, { path: '/only-500', first, times: 1 }, first, 1);
    await mustEnd(t, { path: '/only-500', first: 500, times: 1 }, 200, 2);
  },
);
