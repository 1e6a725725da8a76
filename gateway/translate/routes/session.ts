import { hash } from 'node:crypto';
import type { IrForward, IrRoute, IrSession } from '../../ir/ir.ts';
import type { Backends } from './backends.ts';
import { durationMs } from '../model/durations.ts';
import type { Filters } from '../filters/filters.ts';
import type { SessionPersistence } from '../model/gateway-api.ts';
import type { Problem } from '../model/problems.ts';

export interface SessionContext {
  /** Field path, for messages. */
  path: string;
  /** Names the rule among all rules of the cluster. */
  rule: string;
  backends: Pick<Backends, 'action' | 'idle'>;
  filters: Pick<Filters, 'rewrite' | 'redirect' | 'broken'>;
}

/** A token (RFC 9110, 5.6.2): what a cookie or a header may be called. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** HTTP, gRPC or the proxy gives these a meaning of their own; a gRPC client takes `-bin` for bytes in base64. */
const taken =
  /^(host|cookie|set-cookie|te|trailer|upgrade|connection|keep-alive|proxy-.*|transfer-encoding|content-.*|grpc-.*|x-envoy-.*|x-routeproof-.*|.*-bin)$/i;

/** GRPCRouteRule.sessionPersistence and HTTPRouteRule.sessionPersistence (GEP-1619). */
export function sessionOf(
  spec: SessionPersistence | undefined,
  context: SessionContext,
): { session?: IrSession; problem?: Problem } {
  if (spec === undefined) return {};
  const { type = 'Cookie', absoluteTimeout } = spec;
  const permanent = (spec.cookieConfig ?? spec.cookie)?.lifetimeType === 'Permanent';
  const scope = hash('sha1', context.rule, 'hex').slice(0, 12);
  const path = spec.cookie?.path ?? '/';
  const name = spec.sessionName ?? (type === 'Header' ? spec.header : spec.cookie)?.name;
  const timeoutMs = absoluteTimeout === undefined ? undefined : durationMs(absoluteTimeout);
  const message = whyNot({ type, name, timeoutMs, permanent }) ?? whyNotPath(path);
  if (message !== undefined)
    return { problem: { reason: 'UnsupportedValue', message: `${context.path}${message}` } };
  const pinned = pinnedOf(context);
  if (pinned === undefined) return {};
  return {
    session: {
      carrier: type === 'Header' ? 'header' : 'cookie',
      name: name ?? `routeproof-session-${scope}`,
      scope,
      ...(timeoutMs === undefined ? {} : { absoluteTimeoutMs: timeoutMs }),
      permanent,
      ...(path === '/' ? {} : { path }),
      pinned,
    },
  };
}

/**
 * Tells rules without names apart by the calls that they take: their places change when others come and go, and a rule that is put in front
 * must end no session. Of two that take the same calls, only the first gets any.
 */
export function textOfMatches(matches: readonly IrRoute['match'][]): string {
  const textsOf = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each)).toSorted();
  return textsOf(
    matches.map(({ path, method, headers, queryParams }) => [
      path,
      method,
      textsOf(headers),
      textsOf(queryParams),
    ]),
  ).join();
}

interface Wanted {
  type: string;
  name: string | undefined;
  timeoutMs: number | undefined;
  permanent: boolean;
}

function whyNot({ type, name, timeoutMs, permanent }: Wanted): string | undefined {
  if (type !== 'Cookie' && type !== 'Header') return `.type: ${type} is not supported`;
  if (name !== undefined && !token.test(name)) return `: ${JSON.stringify(name)} is no name for a ${type}`;
  if (name !== undefined && type === 'Header' && taken.test(name))
    return `: header ${name} has another meaning`;
  if (timeoutMs !== undefined && timeoutMs <= 0) return '.absoluteTimeout: it has to be longer than 0';
  if (permanent && timeoutMs === undefined) return ': a permanent cookie needs an absoluteTimeout';
  return undefined;
}

/** Clients take another path than such a one for no path, and what follows a semicolon for further attributes (RFC 6265, 4.1.1 and 5.2.4). */
function whyNotPath(path: string): string | undefined {
  return /^\/[\x20-\x3a\x3c-\x7e]*$/.test(path)
    ? undefined
    : `.cookie.path: ${JSON.stringify(path)} is no path for a cookie`;
}

/** Undefined where no call can come to any backend. */
function pinnedOf({ backends, filters }: SessionContext): IrForward | undefined {
  const { action, idle } = backends;
  const served = action.type === 'forward' ? action.backends : [];
  const all = [...served.filter(({ cluster }) => cluster !== undefined), ...idle.map((each) => each.backend)];
  if (filters.broken || filters.redirect !== undefined || all.length === 0) return undefined;
  return {
    type: 'forward',
    backends: all,
    ...(filters.rewrite === undefined ? {} : { rewrite: filters.rewrite }),
  };
}
