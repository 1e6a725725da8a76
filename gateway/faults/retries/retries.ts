import type { IrGateway, IrRetry, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { onRoutes } from '../hooks/ir.ts';
import { onRouteActions } from '../hooks/xds.ts';

/** Edits each route that has retries. */
function onRetried(edit: (route: IrRoute, retry: IrRetry) => IrRoute): { ir: (ir: IrGateway) => IrGateway } {
  return { ir: onRoutes((route) => (route.retry === undefined ? route : edit(route, route.retry))) };
}

function onRetries(edit: (retry: IrRetry) => IrRetry): FaultHooks {
  return onRetried((route, retry) => ({ ...route, retry: edit(retry) }));
}

/** Edits the conditions on which Envoy tries a request of such a route again. */
function onConditionsOfRetry(edit: (retryOn: string[]) => string[]): FaultHooks {
  return {
    xds: onRouteActions((action) => {
      const policy = action['retry_policy'] as { retry_on?: string } | undefined;
      const retryOn = (policy?.retry_on ?? '').split(',');
      // Without it the route has no retries of its own.
      if (policy !== undefined && retryOn.includes('reset')) policy.retry_on = edit(retryOn).join(',');
    }),
  };
}

const own: readonly Omit<Fault, 'channel'>[] = [
  {
    name: 'one-status-not-retried',
    title: 'A request that ends in 504 is not tried again, although its rule lists that status.',
    clauses: ['retry-http-codes-supported'],
    layers: ['routed'],
    hooks: () => onRetries((retry) => ({ ...retry, codes: retry.codes.filter((code) => code !== 504) })),
  },
  {
    name: 'unlisted-statuses-retried',
    title: 'A rule that lists one status has requests tried again after every other error of a server too.',
    clauses: ['retry-http-codes-supported'],
    layers: ['routed'],
    hooks: () =>
      onConditionsOfRetry((retryOn) =>
        retryOn.includes('retriable-status-codes') ? [...retryOn, '5xx'] : retryOn,
      ),
  },
  {
    name: 'one-retry-too-many',
    title: 'A request is tried once more than its rule says.',
    clauses: ['retry-attempts-exhausted', 'retry-attempts-default-one', 'retry-attempts-zero'],
    layers: ['routed'],
    hooks: () => onRetries((retry) => ({ ...retry, attempts: retry.attempts + 1 })),
  },
  {
    name: 'two-retries-at-most',
    title: 'No request is tried again more than twice, whatever its rule says.',
    clauses: ['retry-attempts-exhausted'],
    layers: ['routed'],
    hooks: () => onRetries((retry) => ({ ...retry, attempts: Math.min(retry.attempts, 2) })),
  },
  {
    name: 'backoff-ignored',
    title: 'Requests are tried again at once, whatever backoff their rule asks for.',
    clauses: ['retry-backoff-minimum'],
    layers: ['routed'],
    hooks: () => onRetries(({ codes, attempts }) => ({ codes, attempts })),
  },
  {
    name: 'request-timeout-for-each-try',
    title: 'Each try has the whole request timeout for itself.',
    clauses: ['retry-request-timeout-bounds'],
    layers: ['routed'],
    hooks: () =>
      onRetried(({ timeoutMs, ...route }) =>
        timeoutMs === undefined ? route : { ...route, backendTimeoutMs: timeoutMs },
      ),
  },
  {
    name: 'resets-not-retried',
    title: 'A request whose connection is reset is not tried again.',
    clauses: ['retry-connection-errors'],
    layers: ['routed'],
    hooks: () => onConditionsOfRetry((retryOn) => retryOn.filter((each) => each !== 'reset')),
  },
  {
    name: 'refused-connections-not-retried',
    title: 'A request that no connection can be made for is not tried again, where its rule has retries.',
    clauses: ['retry-connection-errors'],
    layers: ['routed'],
    hooks: () =>
      onConditionsOfRetry((retryOn) => [
        ...retryOn.filter((each) => each !== 'reset' && each !== 'connect-failure'),
        'reset-before-request',
      ]),
  },
];

/** Retries of HTTPRoutes, which only the experimental channel has until v1.7.0. */
export const retries: readonly Fault[] = own.map((fault) => ({ ...fault, channel: 'experimental' }));

/** Retries of HTTPRoutes that change. */
export const laterRetries: readonly Fault[] = [
  {
    name: 'retry-edits-ignored',
    title: 'An edit of the retries of a rule changes nothing; other edits are followed.',
    clauses: ['retry-attempts-exhausted', 'retry-http-codes-supported'],
    layers: ['routed'],
    channel: 'experimental',
    hooks: () =>
      besideFirst('httpRoutes', (now, first) => {
        const rules = (now.spec.rules ?? []).map(({ retry, ...rule }, index) => {
          const before = first.spec.rules?.[index];
          const kept = before === undefined ? retry : before.retry;
          return { ...rule, ...(kept && { retry: kept }) };
        });
        return { ...now, spec: { ...now.spec, rules } };
      }),
  },
];
