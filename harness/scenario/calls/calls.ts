import { describeExpected, describeResult, isWrongAnyway, judge, type Judgement } from '../../rpc/judge.ts';
import type { Target } from '../../rpc/target.ts';
import { probeUntilStable, wantedInARow } from '../../wait/probe.ts';
import type { Call, CallResult, Expected } from '../../rpc/call.ts';
import { askWho, asTry, callOnce, callTarget, defaultMethod, type LookUp } from './call-once.ts';
import { resolveTarget } from './call-target.ts';
import type { FailedCall, ScenarioCore } from '../core/core.ts';
import { isRefusedInHandshake } from '../objects/profile-fit.ts';
import { rawAgain } from './raw-again.ts';
import { RouteproofVerdict } from '../core/verdict.ts';
import { toldByBackend } from './who-answered.ts';

/** Answers that stay wrong for this long may come from a connection that an old listener still serves: dial anew. */
const redialAfterMs = 500;

type JudgedCall = Judgement & { result: CallResult };

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
  const tried = asTry(wanted);
  const attempt = (): Promise<JudgedCall> => {
    if (wanted.fresh === true) core.channels.redial(target);
    return judgedCall(core, tried, target, expected);
  };
  const outcome = await probeUntilStable(attempt, {
    limitMs: limits.servedMs,
    graceMs: limits.servedMs * limits.graceShare,
    clock,
    signal: core.signal,
    onAttempt: (now, failingForMs) => {
      core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: now.seen, ok: now.ok });
      if (wanted.connection === undefined && failingForMs - redialledAt > redialAfterMs) {
        redialledAt = failingForMs;
        core.channels.redial(target);
      }
      if (now.ok) redialledAt = 0;
    },
  });
  const last = await withAnswerer(core, outcome.last, expected);
  core.keepCall(last.result.record);
  core.lastLayer = last.result.backend === undefined ? 'routed' : 'backend';
  if (outcome.verdict === 'pass') return last.result;
  const { lastBad = outcome.last } = outcome;
  const bad = lastBad === outcome.last ? last : await withAnswerer(core, lastBad, expected);
  if (bad !== last) core.keepCall(bad.result.record);
  await failed(core, { call: wanted, target, expected }, bad.result);
  throw new RouteproofVerdict(outcome.verdict, {
    layer: bad.layer,
    expected: `${nameCall(wanted)}: ${describeExpected(expected)}, ${String(wantedInARow)} times in a row within ${String(Math.round(limits.servedMs))} ms`,
    seen: describeOutcome(outcome, bad.seen),
  });
}

/** Keeps what explains a call that failed. */
async function failed(core: ScenarioCore, call: FailedCall, result: CallResult): Promise<void> {
  const { record, nonce } = result;
  core.failedCall = call;
  record.role = 'failed';
  // Not every service of the echo server tells what it received, and who answered was not asked where the answer was wrong anyway.
  const received = record.backend ?? (await toldByBackend(core, nonce));
  if (received !== undefined) record.backend = received;
  await rawAgain(core, call.call, call.target);
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

/** Who made an answer is not asked where it is wrong anyway: most of the answers while a configuration is on its way are. */
async function judgedCall(
  core: ScenarioCore,
  wanted: Call,
  target: Target,
  expected: Expected,
  lookUp: LookUp = (status) => !isWrongAnyway(status, expected),
): Promise<JudgedCall> {
  const result = await callTarget(core, wanted, target, lookUp);
  if (isRefusedInHandshake(core, wanted, expected, result))
    return { ok: true, layer: 'tls', seen: 'refused in the TLS handshake', result };
  return { ...judge(result, expected), result };
}

/** As judged, now that it is known who answered: only that tells the layer. */
async function withAnswerer(core: ScenarioCore, judged: JudgedCall, expected: Expected): Promise<JudgedCall> {
  if (judged.result.anonymous !== true) return judged;
  const result = await askWho(core, judged.result);
  return { ...judge(result, expected), result };
}

export async function callMustAlways(
  core: ScenarioCore,
  wanted: Call,
  expected: Expected,
  times = 10,
): Promise<CallResult[]> {
  const target = await resolveTarget(core, wanted);
  const answered: JudgedCall[] = [];
  while (answered.length < times) {
    // One that was left waiting for its whole time decides: those after it only tell how many.
    const hung = answered.some(({ result }) => result.record.durationMs >= core.env.limits.callMs);
    answered.push(await judgedCall(core, hung ? asTry(wanted) : wanted, target, expected, () => false));
  }
  // Asked together, after the last call: that is one question to each echo pod.
  const judged = await Promise.all(answered.map((each) => withAnswerer(core, each, expected)));
  const bad = judged.filter(({ ok }) => !ok);
  const kept = new Set([...bad, ...judged.slice(-1)]);
  for (const each of judged) {
    if (kept.has(each)) core.keepCall(each.result.record);
    core.timeline.add({ kind: 'probe', object: nameCall(wanted), text: each.seen, ok: each.ok });
  }
  const [worst] = bad;
  const results = judged.map(({ result }) => result);
  if (worst === undefined) return results;
  await failed(core, { call: wanted, target, expected }, worst.result);
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
      const result = await callTarget(core, wanted, target, () => false);
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
  return `${via}${port} ${wanted.method ?? defaultMethod}${shown}${wanted.tls === undefined ? '' : ' over TLS'}${wanted.compression === undefined ? '' : `, messages in ${wanted.compression}`}${onConnection(wanted)}`;
}

function onConnection({ connection, fresh }: Call): string {
  if (connection === undefined) return '';
  return fresh === true ? ` on new connections ${connection}` : ` on connection ${connection}`;
}
