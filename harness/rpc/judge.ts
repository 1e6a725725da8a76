import type { CallResult, Expected } from './call.ts';
import type { Layer } from '../results/run.ts';
import { describeStatus, statusCode } from './status-names.ts';

export interface Judgement {
  ok: boolean;
  seen: string;
  /** The layer at fault when not ok. */
  layer: Layer;
}

/** `OK (0) from v1`. */
export function describeExpected(expected: Expected): string {
  const status = codesOf(expected)
    .map((code) => (code === null ? 'no connection' : describeStatus(code)))
    .join(' or ');
  const { backend } = expected;
  const from =
    backend === undefined
      ? ''
      : backend === null
        ? ' and no backend reached'
        : ` from ${[backend].flat().join(' or ')}`;
  return `${status}${from}${expected.also === undefined ? '' : ' and more, see the check'}`;
}

/** Whether an answer of that status is wrong whoever made it. */
export function isWrongAnyway(status: number, expected: Expected): boolean {
  return !codesOf(expected).includes(status);
}

/** Any of them is right; null: there is no status. */
function codesOf({ status = 0 }: Expected): (number | null)[] {
  return [status].flat().map((one) => (one === null ? null : statusCode(one)));
}

/** Whether a call is as expected, and if not at which layer it went wrong. */
export function judge(result: CallResult, expected: Expected): Judgement {
  const seen = describeResult(result);
  const bad = (layer: Layer, text = seen): Judgement => ({ ok: false, seen: text, layer });
  const codes = codesOf(expected);
  if (result.status === null)
    return codes.includes(null) ? judgeMore(result, expected, seen) : bad(afterReached(result.reached));
  if (codes.every((code) => code === null)) return bad('connect');
  const { backend } = expected;
  if (backend === null && result.backend !== undefined) return bad('routed');
  if (typeof backend === 'string' || Array.isArray(backend)) {
    if (result.backend === undefined) return bad(proxyMadeLayer(result));
    if (![backend].flat().includes(result.backend)) return bad('routed');
  }
  if (!codes.includes(result.status))
    return bad(result.backend === undefined ? proxyMadeLayer(result) : 'trailers');
  return judgeMore(result, expected, seen);
}

function judgeMore(result: CallResult, expected: Expected, seen: string): Judgement {
  const layer = result.backend === undefined ? 'routed' : 'backend';
  try {
    expected.also?.(result);
    return { ok: true, seen, layer };
  } catch (error) {
    if (!isAssertion(error)) throw error;
    return { ok: false, seen: `${seen}; ${error.message}`, layer };
  }
}

/** UNAVAILABLE that no backend sent: a route was found, its backend was not reached. Anything else: no route was found. */
function proxyMadeLayer(result: CallResult): Layer {
  return result.status === 14 ? 'backend' : 'routed';
}

/** A call that ended before any status failed at the layer after the deepest it reached. */
function afterReached(reached: Layer): Layer {
  const next: Partial<Record<Layer, Layer>> = {
    programmed: 'connect',
    connect: 'tls',
    tls: 'http2',
    http2: 'routed',
  };
  return next[reached] ?? reached;
}

/** One line for a reader: status, message, who answered. */
export function describeResult(result: CallResult): string {
  const message = result.message === '' || result.status === 0 ? '' : ` "${result.message}"`;
  if (result.status === null) return `no status: ${result.record.error ?? result.message}`;
  if (result.anonymous === true) return `${describeStatus(result.status)}${message}`;
  const who = result.backend === undefined ? 'the gateway itself' : result.backend;
  return `${describeStatus(result.status)}${message} from ${who}`;
}

export function isAssertion(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AssertionError';
}
