import type { IrRetry } from '../../ir/ir.ts';
import type { HttpRouteRule } from './gateway-api.ts';

const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of a GEP-2257 duration such as `1h30m` or `500ms`; 0 when it is malformed. */
export function durationMs(duration: string): number {
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)(ms|h|m|s)/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  }
  return total;
}

/** HTTPRoute timeouts; a zero duration switches the timeout off, which is the default of the data plane. */
export function timeoutsOf(timeouts: HttpRouteRule['timeouts']): {
  timeoutMs?: number;
  backendTimeoutMs?: number;
} {
  const request = durationMs(timeouts?.request ?? '');
  const backend = durationMs(timeouts?.backendRequest ?? '');
  return {
    ...(request > 0 ? { timeoutMs: request } : {}),
    ...(backend > 0 ? { backendTimeoutMs: backend } : {}),
  };
}

/** The CRD's default for attempts. */
const defaultAttempts = 1;

/** HTTPRouteRetry. @param isMinimum - whether no retry may begin before the backoff is over */
export function retryOf(retry: HttpRouteRule['retry'], isMinimum: boolean): { retry?: IrRetry } {
  if (retry === undefined) return {};
  const { codes = [], attempts = defaultAttempts, backoff = '' } = retry;
  const backoffMs = durationMs(backoff);
  if (backoffMs <= 0) return { retry: { codes, attempts } };
  const least = isMinimum ? { leastBackoffSeconds: Math.ceil(backoffMs / 1000) } : {};
  return { retry: { codes, attempts, backoffMs, ...least } };
}
