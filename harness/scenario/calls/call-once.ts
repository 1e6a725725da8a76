import { given } from '../../../common/given.ts';
import type { CallRecord, Layer } from '../../results/run.ts';
import { statusName } from '../../rpc/status-names.ts';
import { dialName, type Target } from '../../rpc/target.ts';
import { exchange, groupPairs, metadataOf, pairsOf, type WireAnswer } from '../../rpc/wire.ts';
import type { Message } from '../../rpc/protos.ts';
import { receivedMetadata } from '../../rpc/received.ts';
import type { Call, CallResult } from '../../rpc/call.ts';
import type { ScenarioCore } from '../core/core.ts';
import { resolveTarget } from './call-target.ts';
import { lookUpCall, whoAnswered } from './who-answered.ts';

export const nonceHeader = 'x-routeproof-nonce';
export const defaultMethod = 'routeproof.v1.Probe/Unary';
/** A call that is one of many tries: a hanging one must not use up the time of those after it. In milliseconds. */
const tryDeadlineMs = 5_000;

/** The call as one of many tries. */
export function asTry(call: Call): Call {
  return { deadlineMs: tryDeadlineMs, ...call };
}

/** Whether to ask the echo pods who answered, when an answer of that status does not say. */
export type LookUp = (status: number) => boolean;

/** One call. @param lookUp - whether to ask the echo pods who answered, when the answer does not say */
export async function callOnce(core: ScenarioCore, call: Call, lookUp = true): Promise<CallResult> {
  const target = await resolveTarget(core, call);
  return callTarget(core, call, target, () => lookUp);
}

/** As callOnce, to a target that is known already. */
export async function callTarget(
  core: ScenarioCore,
  call: Call,
  target: Target,
  lookUp: LookUp,
): Promise<CallResult> {
  const { clock, protos } = core.env;
  const method = protos.methodOrProbe(call.method ?? defaultMethod);
  const { metadata, nonce } = metadataFor(core, call);
  const atMs = core.timeline.nowMs();
  const start = clock.now();
  const answer = await exchange(core.channels.get(target), {
    method,
    messages: [call.message ?? {}].flat() as Message[],
    metadata,
    deadlineMs: call.deadlineMs ?? core.env.limits.callMs,
    signal: core.signal,
  });
  core.signal.throwIfAborted();
  const durationMs = Math.round((clock.now() - start) * 100) / 100;
  const local = localFailure(answer, target);
  // A failed connection is not dialled again by the channel at once, and its next call would fail unheard.
  if (local !== undefined) core.channels.redial(target);
  const status = local === undefined ? answer.status : null;
  const ask = status !== null && lookUp(status);
  const seen = await whoAnswered(core, answer, nonce, ask);
  const record: CallRecord = {
    atMs,
    target: dialName(target),
    tls: target.tls !== undefined,
    authority: target.authority ?? dialName(target),
    method: method.path.slice(1),
    durationMs,
    grpcStatus: status,
    grpcStatusName: statusName(status),
    grpcMessage: answer.message,
    requestMetadata: pairsOf(metadata),
    responseHeaders: answer.headers,
    responseTrailers: answer.trailers,
    ...given({ backend: seen?.call }),
    ...(local === undefined && answer.fromPeer ? {} : { error: answer.message }),
  };
  core.lastCall = { call, target };
  return {
    record,
    nonce,
    status,
    statusName: record.grpcStatusName,
    message: answer.message,
    responses: answer.responses,
    headers: groupPairs(answer.headers),
    trailers: groupPairs(answer.trailers),
    backend: seen?.name,
    received: receivedMetadata(seen?.call),
    reached: local?.reached ?? reachedBy(answer, seen !== undefined),
    ...(status !== null && seen === undefined && !ask ? { anonymous: true } : {}),
  };
}

/** The same result with who answered, where nobody was asked yet. */
export async function askWho(core: ScenarioCore, result: CallResult): Promise<CallResult> {
  const { anonymous, ...known } = result;
  const call = anonymous === true ? await lookUpCall(core, result.nonce) : undefined;
  if (call === undefined) return known;
  return {
    ...known,
    record: { ...known.record, backend: call },
    backend: call.name,
    received: receivedMetadata(call),
    reached: 'trailers',
  };
}

function metadataFor(
  core: ScenarioCore,
  call: Call,
): { metadata: ReturnType<typeof metadataOf>; nonce: string } {
  const given = Object.keys(call.metadata ?? {}).find((name) => name.toLowerCase() === nonceHeader);
  if (given !== undefined)
    return {
      metadata: metadataOf(call.metadata ?? {}),
      nonce: [call.metadata?.[given] ?? ''].flat()[0] ?? '',
    };
  const nonce = `${core.names.nonce}-${String(core.nonces.length + 1)}`;
  core.nonces.push(nonce);
  return { metadata: metadataOf({ ...call.metadata, [nonceHeader]: nonce }), nonce };
}

/** Set when grpc-js made the status itself because there was no connection. Its messages are all it tells about that. */
function localFailure(answer: WireAnswer, target: Target): { reached: Layer } | undefined {
  if (answer.fromPeer || answer.status !== 14) return undefined;
  if (
    !/No connection established|Failed to connect|ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|EPROTO|Connection dropped/i.test(
      answer.message,
    )
  ) {
    return undefined;
  }
  if (/Connection dropped/.test(answer.message)) return { reached: 'http2' };
  const refused = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/.test(answer.message);
  return { reached: target.tls === undefined || refused ? 'programmed' : 'connect' };
}

function reachedBy(answer: WireAnswer, fromBackend: boolean): Layer {
  if (!answer.fromPeer) return 'http2';
  return fromBackend ? 'trailers' : 'routed';
}
