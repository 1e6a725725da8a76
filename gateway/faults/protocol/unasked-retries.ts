import type { Fault } from '../fault.ts';
import { onRouteActions } from '../hooks/xds.ts';

/** Calls that are made again, and nobody asked for it. */
export const splitRetries: readonly Fault[] = [
  {
    name: 'failed-calls-retried-in-splits',
    title: 'A call that one backend of a rule answers UNAVAILABLE is made again where the rule has several.',
    clauses: ['grpc-no-unasked-retry'],
    layers: ['backend', 'routed', 'trailers'],
    hooks: () => ({
      xds: onRouteActions((action) => {
        if (action['weighted_clusters'] === undefined) return;
        action['retry_policy'] = { retry_on: 'unavailable', num_retries: { value: 2 } };
      }),
    }),
  },
];
