import type { CallRecord, Layer } from '../results/run.ts';
import { describeExpected, describeResult, judge, type Judgement } from '../rpc/judge.ts';
import { podOf, receivedMetadata, receivedOf, seenCall, type SeenCall } from '../rpc/received.ts';
import { statusName } from '../rpc/status-names.ts';
import { dialName, type Target } from '../rpc/target.ts';
import { exchange, groupPairs, metadataOf, pairsOf, type WireAnswer } from '../rpc/wire.ts';
import type { Message } from '../rpc/protos.ts';
import { probeUntilStable, wantedInARow } from '../wait/probe.ts';
import type { Call, CallResult, Expected } from './api.ts';
import type { ScenarioCore } from './core.ts';
import { RouteproofVerdict } from './verdict.ts';
import { backendName, podOfBackend } from './backend-names.ts';
import { resolveTarget } from './call-target.ts';
import { rawAgain } from './raw-again.ts';

export const nonceHeader = 'x-routeproof-nonce';
const defaultMethod = 'routeproof.v1.Probe/Unary';
const defaultDeadlineMs = 5_000;
/** Answers that stay wrong for this long may come from a connection that an old listener still serves: dial anew. */
const redialAfterMs = 500;

/** One call. @param lookUp - whether to ask the echo pods who answered, when the answer does not say */
export async function callOnce(core: ScenarioCore, call: Call, lookUp = true): Promise<CallResult> {
  const target = await resolveTarget(core, call);
  return callTarget(core, call, target, lookUp);
}

async function callTarget(
  core: ScenarioCore,
  call: Call,
  target: Target,
  lookUp: boolean,
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
    deadlineMs: call.deadlineMs ?? defaultDeadlineMs,
    signal: core.signal,
  });
  core.signal.throwIfAborted();
  const durationMs = Math.round((clock.now() - start) * 100) / 100;
  const local = localFailure(answer, target);
  // A failed connection is not dialled again by the channel at once, and its next call would fail unheard.
  if (local !== undefined) core.channels.redial(target);
  const status = local === undefined ? answer.status : null;
  const seen = await whoAnswered(core, answer, nonce, lookUp && status !== null);
  const record: CallRecord = {
    atMs,
    target: dialName(target),
    authority: target.authority ?? dialName(target),
    method: method.path.slice(1),
    durationMs,
    grpcStatus: status,
    grpcStatusName: statusName(status),
    grpcMessage: answer.message,
    requestMetadata: pairsOf(metadata),
    responseHeaders: answer.headers,
    responseTrailers: answer.trailers,
    ...(seen?.call === undefined ? {} : { backend: seen.call }),
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

/** The backend that answered: by its own word, or else by the ledgers of the shared echo pods. */
async function whoAnswered(
  core: ScenarioCore,
  answer: WireAnswer,
  nonce: string,
  lookUp: boolean,
): Promise<{ name: string; call: SeenCall | undefined } | undefined> {
  const nameOfPod = (pod: string): string => backendName(core, pod);
  const received = receivedOf(answer.responses[0]);
  const pod = podOf(answer.responses[0]);
  if (pod !== undefined && received !== undefined)
    return { name: nameOfPod(pod), call: seenCall(received, nameOfPod) };
  if (pod !== undefined && !lookUp) return { name: nameOfPod(pod), call: undefined };
  if (!lookUp || !nonce.startsWith(`${core.names.nonce}-`))
    return pod === undefined ? undefined : { name: nameOfPod(pod), call: undefined };
  const found = await lookUpCall(core, nonce);
  if (found !== undefined) return { name: nameOfPod(pod ?? found.pod), call: found };
  return pod === undefined ? undefined : { name: nameOfPod(pod), call: undefined };
}

async function lookUpCall(core: ScenarioCore, nonce: string): Promise<SeenCall | undefined> {
  const pods = core.env.echoPods.slice(0, core.meta.backends?.length ?? core.env.echoPods.length);
  const seen = await Promise.all(pods.map((pod) => core.env.ledger.seen(pod, nonce)));
  const [received] = seen.flat();
  return received === undefined ? undefined : seenCall(received, (pod) => backendName(core, pod));
}

/** One call for its own sake: shown, and kept as evidence. */
export async function call(core: ScenarioCore, wanted: Call): Promise<CallResult> {
  const result = await callOnce(core, wanted);
  core.lastLayer = result.backend === undefined ? 'routed' : 'backend';
  core.keepCall(result.record);
  core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: describeResult(result) });
  return result;
}

export async function callMust(core: ScenarioCore, wanted: Call, expected: Expected): Promise<CallResult> {
  const { limits, clock } = core.env;
  const target = await resolveTarget(core, wanted);
  let redialledAt = 0;
  const attempt = async (): Promise<Judgement & { result: CallResult }> => {
    const result = await judgedCall(core, wanted, target, expected);
    return result;
  };
  const outcome = await probeUntilStable(attempt, {
    limitMs: limits.servedMs,
    graceMs: limits.servedMs * limits.graceShare,
    clock,
    signal: core.signal,
    onAttempt: (now, failingForMs) => {
      core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: now.seen, ok: now.ok });
      if (failingForMs - redialledAt > redialAfterMs) {
        redialledAt = failingForMs;
        core.channels.redial(target);
      }
      if (now.ok) redialledAt = 0;
    },
  });
  core.keepCall(outcome.last.result.record);
  core.lastLayer = outcome.last.result.backend === undefined ? 'routed' : 'backend';
  if (outcome.verdict === 'pass') return outcome.last.result;
  const bad = outcome.lastBad ?? outcome.last;
  if (bad !== outcome.last) core.keepCall(bad.result.record);
  await rawAgain(core, wanted, target);
  throw new RouteproofVerdict(outcome.verdict, {
    layer: bad.layer,
    expected: `${nameCall(wanted)}: ${describeExpected(expected)}, ${String(wantedInARow)} times in a row within ${String(Math.round(limits.servedMs))} ms`,
    seen: describeOutcome(outcome, bad.seen),
  });
}

function describeOutcome(
  outcome: { verdict: string; tookMs: number; good: number; attempts: number },
  seen: string,
): string {
  if (outcome.verdict === 'slow')
    return `as expected only after ${String(Math.round(outcome.tookMs))} ms; before: ${seen}`;
  if (outcome.verdict === 'unstable')
    return `as expected in ${String(outcome.good)} of ${String(outcome.attempts)} calls; else: ${seen}`;
  return `${seen} (${String(outcome.attempts)} calls)`;
}

async function judgedCall(
  core: ScenarioCore,
  wanted: Call,
  target: Target,
  expected: Expected,
): Promise<Judgement & { result: CallResult }> {
  const result = await callTarget(core, wanted, target, true);
  return { ...judge(result, expected), result };
}

export async function callMustAlways(
  core: ScenarioCore,
  wanted: Call,
  expected: Expected,
  times = 10,
): Promise<CallResult[]> {
  const target = await resolveTarget(core, wanted);
  const results: CallResult[] = [];
  const bad: Judgement[] = [];
  for (let made = 0; made < times; made += 1) {
    const { result, ...judged } = await judgedCall(core, wanted, target, expected);
    results.push(result);
    if (!judged.ok) bad.push(judged);
    if (!judged.ok || made === times - 1) core.keepCall(result.record);
    core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: judged.seen, ok: judged.ok });
  }
  const [worst] = bad;
  if (worst === undefined) return results;
  await rawAgain(core, wanted, target);
  throw new RouteproofVerdict(bad.length === times ? 'wrong' : 'unstable', {
    layer: worst.layer,
    expected: `${nameCall(wanted)}: ${describeExpected(expected)}, ${String(times)} times of ${String(times)}`,
    seen: `${String(bad.length)} of ${String(times)} calls: ${worst.seen}`,
  });
}

export async function distribution(
  core: ScenarioCore,
  wanted: Call,
  times: number,
  concurrency = 8,
): Promise<Map<string, number>> {
  const target = await resolveTarget(core, wanted);
  const counts = new Map<string, number>();
  let left = times;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const result = await callTarget(core, wanted, target, false);
      const name = result.backend ?? '';
      if (name === '') core.keepCall(result.record);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, times) }, worker));
  core.lastLayer = 'routed';
  const shown = [...counts]
    .map(([name, count]) => `${name === '' ? 'no backend' : name}: ${String(count)}`)
    .join(', ');
  core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: `${String(times)} calls: ${shown}` });
  return counts;
}

/** What backends received under a nonce; with `atLeast` it waits until that much has arrived. */
export async function seenBy(
  core: ScenarioCore,
  backend: string,
  nonce: string,
  atLeast = 0,
): Promise<SeenCall[]> {
  const { clock, limits, ledger } = core.env;
  const pod = podOfBackend(core, backend);
  if (pod === undefined) throw new Error(`${backend} is not in the scenario's meta.backends`);
  const nonces = nonce === core.names.nonce ? core.nonces : [nonce];
  const start = clock.now();
  for (;;) {
    core.signal.throwIfAborted();
    const seen = (await Promise.all(nonces.map((each) => ledger.seen(pod, each)))).flat();
    if (seen.length >= atLeast || clock.now() - start > limits.mirrorMs) {
      core.timeline.add({
        kind: 'probe',
        object: backend,
        text: `has received ${String(seen.length)} calls of nonce ${nonce}`,
      });
      return seen.map((received) => seenCall(received, (name) => backendName(core, name)));
    }
    // The echo server's ledger has no watch.
    await clock.sleep(20, core.signal);
  }
}

/** `shop.example.com routeproof.v1.Probe/Unary over TLS`, as the scenario writes it. */
export function nameCall(wanted: Call): string {
  const via =
    wanted.direct === undefined ? (wanted.host ?? wanted.gateway ?? 'the Gateway') : `pod ${wanted.direct}`;
  const port = wanted.port === undefined ? '' : `:${String(wanted.port)}`;
  const headers = Object.entries(wanted.metadata ?? {}).map(
    ([name, value]) => `${name}: ${[value].flat().join(', ')}`,
  );
  const shown =
    headers.length === 0 ? '' : ` {${headers.slice(0, 3).join('; ')}${headers.length > 3 ? '; …' : ''}}`;
  return `${via}${port} ${wanted.method ?? defaultMethod}${shown}${wanted.tls === undefined ? '' : ' over TLS'}`;
}
