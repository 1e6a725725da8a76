import { dirname } from 'node:path';
import { messageOf } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { collectEvidence } from './evidence/collect.ts';
import { compareElsewhere } from './evidence/compare/compare.ts';
import { unreadyPods } from './evidence/logs.ts';
import { reproOf } from './evidence/repro.ts';
import { watchStatus } from './evidence/status-timeline.ts';
import type { LeftOut, Layer, ScenarioResult } from '../results/run.ts';
import type { RunEnv } from '../env/run-env.ts';
import { clausesJudged, isAllTold } from '../env/run-rules.ts';
import { running } from './core/assertion-count.ts';
import { classify } from './core/classify.ts';
import { contextOf } from './context.ts';
import { ScenarioCore } from './core/core.ts';
import { newNonce } from '../manifests/names.ts';
import { createBackends } from './objects/backends.ts';
import { sharedGateway } from './calls/call-target.ts';
import { callMust } from './calls/calls.ts';
import { cleanUp } from './objects/clean-up.ts';
import { findingsOf, toldVerdict } from './core/implied.ts';
import { ensureNamespace } from './core/namespaces.ts';
import { suiteOf, type Registered } from '../specs/registry.ts';
import { NotRun } from './core/not-run.ts';
import { oneLine, RouteproofVerdict } from './core/verdict.ts';

/** Layers at which a proxy that has not started shows. */
const beforePods: readonly Layer[] = ['status', 'programmed', 'connect'];

/** Runs one scenario to its verdict, evidence kept, objects removed. Throws nothing. */
export async function runScenario(
  registered: Registered,
  env: RunEnv,
  of: { signal: AbortSignal; startedMs: number },
): Promise<ScenarioResult> {
  const { meta } = registered;
  const core = new ScenarioCore({
    env,
    meta,
    dir: dirname(registered.file ?? ''),
    nonce: newNonce(),
    signal: of.signal,
    furnished: env.furnished?.take(meta.backends ?? []),
  });
  const stopStatus = await watchStatus(core).catch(() => () => undefined);
  const outcome = await verdictOf(core, registered);
  const durationMs = core.timeline.nowMs();
  stopStatus();
  core.endBody();
  const about = outcome ?? toldVerdict(core);
  const bad = about !== undefined && about.verdict !== 'not-run';
  const repro = bad ? await reproOf(core) : undefined;
  const comparisons = about === undefined ? [] : await compareElsewhere(core, about);
  const unready = bad && beforePods.includes(about.layer) ? await unreadyPods(core) : [];
  core.end();
  const result: ScenarioResult = {
    ...describeScenario(registered),
    clauses: clausesJudged(env.rules, meta.clauses),
    verdict: outcome?.verdict ?? 'pass',
    ...(outcome?.cause instanceof NotRun && outcome.cause.leftOut !== undefined
      ? { leftOut: outcome.cause.leftOut }
      : {}),
    ...(isTold(core) ? { tier: 'informational' } : {}),
    startedMs: of.startedMs,
    durationMs,
    ...(outcome === undefined
      ? {}
      : { layer: outcome.layer, expected: outcome.expected, seen: outcome.seen }),
    ...(core.told.length === 0 ? {} : { implied: findingsOf(core) }),
    ...given({ repro }),
    ...(comparisons.length === 0 ? {} : { comparisons }),
    ...(unready.length === 0 ? {} : { unreadyPods: unready }),
    timeline: core.timeline.events(),
    evidence: await collectEvidence(core, { full: bad, error: about?.cause }),
    notes: core.notes,
  };
  if (!env.keep)
    await cleanUp(core, { passed: about === undefined }).catch((error: unknown) =>
      result.notes.push(`cleanup: ${messageOf(error)}`),
    );
  return result;
}

/** Whether nothing but what the spec only implies is at stake. */
function isTold({ env, meta }: ScenarioCore): boolean {
  return isAllTold(env.rules, clausesJudged(env.rules, meta.clauses));
}

/** The parts of a result that are known before it has run. */
export function describeScenario(
  registered: Registered,
): Pick<ScenarioResult, 'id' | 'suite' | 'title' | 'support' | 'features' | 'clauses'> {
  const { id, title, support, features = [], clauses } = registered.meta;
  return { id, suite: suiteOf(id), title, support, features, clauses };
}

/** A scenario that did not run, and why. */
export function notRun(
  registered: Registered,
  startedMs: number,
  reason: string,
  leftOut?: LeftOut,
): ScenarioResult {
  return {
    ...describeScenario(registered),
    ...given({ leftOut }),
    verdict: 'not-run',
    startedMs,
    durationMs: 0,
    layer: 'apply',
    expected: 'the scenario runs',
    seen: oneLine(reason),
    timeline: [],
    evidence: { objects: [], calls: [], logs: [] },
    notes: [],
  };
}

async function verdictOf(core: ScenarioCore, registered: Registered): Promise<RouteproofVerdict | undefined> {
  try {
    await ensureNamespace(core, core.names.own);
    await createBackends(core);
    const body = running.run(core, async () => {
      if (registered.meta.anyHost === true && core.env.sharedProxies !== undefined)
        await untilNobodyTakesAnyHost(core);
      await registered.body(contextOf(core));
    });
    await Promise.race([body, untilAborted(core.signal)]);
    return core.assertions > 0 ? undefined : assertsNothing();
  } catch (error) {
    return classify(core, error);
  }
}

/** Proxies that all Gateways share may still serve for every host what the scenario before has taken away. */
async function untilNobodyTakesAnyHost(core: ScenarioCore): Promise<void> {
  const call = { gateway: sharedGateway, host: 'nobody.example.com' };
  const unanswered = { status: [null, 'UNIMPLEMENTED'], backend: null };
  await callMust(core, call, unanswered);
  await callMust(core, { ...call, tls: true }, unanswered);
}

/** A body may be waiting for something of its own that hears of no abort. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function assertsNothing(): RouteproofVerdict {
  return new RouteproofVerdict('setup-failed', {
    layer: 'apply',
    expected: 'the scenario checks something',
    seen: 'its body ended without a single check: it asserts nothing',
  });
}
