import type { IrAction, IrBackend, IrHeaderEdit, IrRetry, IrRoute } from '../ir/ir.ts';
import type { RouteAction } from './envoy-types.ts';
import { headerEdits, hostEdit } from './header-edits.ts';
import { literalSubstitution, pathRewrite } from './path-rewrite.ts';
import { leastBackoff } from './least-backoff.ts';

type Forward = Extract<IrAction, { type: 'forward' }>;

/** No cluster has this name, ever: its share gets `cluster_not_found_response_code`. */
const invalidBackend = 'routeproof-invalid-backend';
const mirrorDenominator = 1_000_000;
/** Retries only what no backend has seen, so that no call is made twice. */
const retryOn = 'connect-failure,refused-stream,reset-before-request';

/** True when every share is invalid or there is none: the route answers the error by itself. */
export function forwardsNowhere(action: Forward): boolean {
  return action.backends.every(({ cluster }) => cluster === undefined);
}

/** Names of the clusters that a route sends calls to, mirrors included. */
export function clustersOf(route: IrRoute): string[] {
  const mirrors = route.mirrors.map(({ cluster }) => cluster);
  const served = route.action.type === 'forward' ? route.action.backends : [];
  const backends = [...served, ...(route.session?.pinned.backends ?? [])];
  return [...mirrors, ...backends.flatMap(({ cluster }) => cluster ?? [])];
}

export function forwardAction(route: IrRoute, action: Forward): RouteAction {
  return {
    ...destination(action.backends),
    // 503 is UNAVAILABLE to a gRPC client; Gateway API asks for 500 on HTTPRoutes.
    cluster_not_found_response_code:
      route.protocol === 'grpc' ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR',
    ...rewrites(route, action),
    ...timeouts(route),
    retry_policy: {
      ...retries(route.retry),
      ...(route.backendTimeoutMs !== undefined && { per_try_timeout: duration(route.backendTimeoutMs) }),
    },
    request_mirror_policies: route.mirrors.map(({ cluster, numerator, denominator }) => ({
      cluster,
      runtime_fraction: {
        default_value: {
          numerator: Math.round((numerator / denominator) * mirrorDenominator),
          denominator: 'MILLION' as const,
        },
      },
      disable_shadow_host_suffix_append: true,
    })),
  };
}

function destination(backends: readonly IrBackend[]): Pick<RouteAction, 'cluster' | 'weighted_clusters'> {
  const [only] = backends;
  const plain =
    backends.length === 1 && only?.requestHeaders === undefined && only?.responseHeaders === undefined;
  if (plain && only?.cluster !== undefined) return { cluster: only.cluster };
  return {
    weighted_clusters: {
      clusters: backends.map((backend) => ({
        name: backend.cluster ?? invalidBackend,
        weight: { value: backend.weight },
        ...headerEdits(backend.requestHeaders, backend.responseHeaders),
        ...hostRewrite(backend.requestHeaders),
      })),
    },
  };
}

function hostRewrite(edit: IrHeaderEdit | undefined): { host_rewrite_literal?: string } {
  const host = edit && hostEdit(edit);
  return host === undefined ? {} : { host_rewrite_literal: host };
}

type Rewrites = Pick<RouteAction, 'host_rewrite_literal' | 'prefix_rewrite' | 'regex_rewrite'>;

function rewrites(route: IrRoute, { rewrite }: Forward): Rewrites {
  const host = rewrite?.hostname ?? hostEdit(route.requestHeaders);
  const path = rewrite?.path && pathRewrite(route.match.path, rewrite.path);
  return {
    ...(host !== undefined && { host_rewrite_literal: host }),
    ...(path?.prefix !== undefined && { prefix_rewrite: path.prefix }),
    ...(path?.regex !== undefined && { regex_rewrite: path.regex }),
    ...(path?.full !== undefined && {
      regex_rewrite: { pattern: { regex: '^[^?]*' }, substitution: literalSubstitution(path.full) },
    }),
  };
}

/** `reset` is also what the timeout of a single try counts as. */
function retries(retry: IrRetry | undefined): NonNullable<RouteAction['retry_policy']> {
  if (retry === undefined) return { retry_on: retryOn, num_retries: { value: 2 } };
  const { codes, attempts, backoffMs, leastBackoffSeconds } = retry;
  return {
    retry_on: [
      'connect-failure',
      'refused-stream',
      'reset',
      ...(codes.length > 0 ? ['retriable-status-codes'] : []),
    ].join(','),
    retriable_status_codes: codes,
    num_retries: { value: attempts },
    ...(backoffMs !== undefined && { retry_back_off: { base_interval: duration(backoffMs) } }),
    ...(leastBackoffSeconds !== undefined && leastBackoff(leastBackoffSeconds)),
  };
}

/** Zero switches a limit off. A gRPC stream lives as long as its grpc-timeout says, however quiet it is. */
function timeouts(route: IrRoute): Pick<RouteAction, 'timeout' | 'idle_timeout' | 'max_stream_duration'> {
  if (route.protocol === 'http') return { timeout: duration(route.timeoutMs ?? 0) };
  return {
    timeout: duration(0),
    idle_timeout: duration(0),
    max_stream_duration: { grpc_timeout_header_max: duration(0) },
  };
}

export function duration(ms: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) };
}
