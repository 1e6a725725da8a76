import { availableParallelism } from 'node:os';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadResult, LoadVariant } from '../results/load.ts';
import { ceilingFigures } from './ceiling-figure.ts';
import { CpuSampler } from '../proxies/cpu-time.ts';
import { runK6 } from './k6.ts';
import { summariseVariant } from './latency.ts';
import { generatorShare, legData, type ProcessSamples, type Watched } from './leg-data.ts';
import { gapSeconds, type Leg, type LoadCase } from './legs.ts';
import { loadFigures } from './load-figures.ts';
import { measuresOf } from './measures.ts';
import { breakNotes, brokenStreams, inSlices } from './slices.ts';
import { readSamples } from './samples.ts';
import type { BlockSamples } from './samples.ts';
import type { LoadPlan, LoadSubject } from './subject.ts';
import { loadScript } from './load-script.ts';
import { legReasons, timeReasons } from './validity.ts';

export interface LoadOptions {
  subject: Pick<LoadSubject, 'name' | 'title' | 'timed' | 'againstFirst' | 'rising' | 'sliced'>;
  plan: LoadPlan;
  cases: readonly LoadCase[];
  legs: readonly Leg[];
  /** Of the script, beside those that all have. */
  parameters?: Record<string, string>;
  /** Processes whose CPU time is a side's cost; none where they cannot be seen. Asked once, before the first call. */
  proxyPids: Partial<Record<Exclude<Watched, 'generator'>, () => readonly number[]>>;
  /** Where k6 runs, where that is not beside this process. */
  elsewhere?: (run: ElsewhereRun) => Promise<BlockSamples[]>;
  /** An existing directory for k6's samples, which are removed again. */
  workDir: string;
  /** Goes on beside k6 until the signal says that k6 is done. */
  during?: (ended: AbortSignal) => Promise<void>;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** What generators elsewhere are told. */
export interface ElsewhereRun {
  /** Of the script. */
  parameters: Record<string, string>;
  /** From its start to its end. */
  lengthMs: number;
  signal: AbortSignal;
  /** To be called with k6's processes as soon as they are known, where they can be seen. */
  started: (pids: readonly number[]) => void;
}

/**
 * Measures every leg in alternating blocks.
 *
 * @returns the figures, with the reasons not to believe them in `invalid`
 * @throws RouteproofError LOAD_FAILED - k6 is missing or failed; errors of the gateway are no failure of the benchmark
 * @throws the signal's reason when it is aborted; k6 is then gone
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { subject, legs } = options;
  const csvPath = join(options.workDir, `${subject.name}-${process.pid}.csv`);
  options.progress(describePlan(options));
  const samplers = new Map<Watched, CpuSampler>();
  for (const [side, pids] of Object.entries(options.proxyPids))
    samplers.set(side as Watched, new CpuSampler(pids()));
  const startedMs = Date.now();
  const parameters = {
    ...parametersOf(options.plan),
    ...options.parameters,
    LEGS: JSON.stringify(legs),
  };
  const started = (pids: readonly number[]): void => {
    samplers.set('generator', new CpuSampler(pids));
  };
  let recorded: BlockSamples[] = [];
  try {
    await runBeside(options, async (signal) => {
      if (options.elsewhere !== undefined) {
        recorded = await options.elsewhere({ parameters, lengthMs: lengthMs(options), signal, started });
        return;
      }
      const script = loadScript(subject.name);
      await runK6({ script, parameters, csvPath, signal, started: (pid) => started([pid]) });
      recorded = await readSamples(csvPath);
    });
    for (const sampler of samplers.values()) sampler.stop();
    const durationMs = Date.now() - startedMs;
    const processes: ProcessSamples = Object.fromEntries(
      [...samplers].map(([name, { samples }]) => [name, samples]),
    );
    const result = resultOf(options, recorded, processes, durationMs);
    options.progress(describeResult(result));
    return result;
  } finally {
    for (const sampler of samplers.values()) sampler.stop();
    await rm(csvPath, { force: true });
  }
}

/** k6, and what goes on beside it; each ends with the other, and the first that fails says why. */
async function runBeside(
  { during, signal }: LoadOptions,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (during === undefined) return run(signal);
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const beside = during(both).catch((error: unknown) => {
    ended.abort(error);
    throw error;
  });
  const measured = run(both).finally(() => ended.abort(new Error('k6 is done')));
  const [first, second] = await Promise.allSettled([beside, measured]);
  for (const each of [first, second]) if (each.status === 'rejected') throw each.reason;
}

/** The result of samples at hand: pure. */
export function resultOf(
  { subject, plan, cases, legs }: Pick<LoadOptions, 'subject' | 'plan' | 'cases' | 'legs'>,
  recorded: readonly BlockSamples[],
  processes: ProcessSamples,
  durationMs: number,
  cpus = availableParallelism(),
): LoadResult {
  const samples = subject.sliced === true ? inSlices(recorded, plan) : recorded;
  const startedMs = Math.min(...samples.map(({ firstMs }) => firstMs));
  const data = legs.map((leg) => legData(leg, samples, plan.blocks, processes));
  const variants = data.map((each): LoadVariant => {
    const own = samples.filter(({ side, case: name }) => side === each.leg.side && name === each.leg.case);
    const variant = summariseVariant(each.leg, own, startedMs, plan.blockSeconds * 1000);
    const cost = measuresOf(each, 'call').find(({ name }) => name === 'proxyCpuUsPerRequest');
    const us = cost?.of(Array.from({ length: plan.blocks }, () => 1)) ?? NaN;
    return { ...variant, ...(Number.isFinite(us) && { proxyCpuUsPerRequest: Math.round(us * 10) / 10 }) };
  });
  const { blocks, blockSeconds } = plan;
  const generatorShares = data.map((each) => generatorShare(each, samples, processes.generator, cpus));
  const reasons = legReasons({ variants, samples, legs, blocks, generatorShares });
  const ofTimes = timeReasons(variants, legs);
  const all = new Set([...ofTimes, ...reasons].flat());
  const figures = [
    ...(subject.sliced === true ? brokenStreams(subject.name, recorded) : []),
    ...(subject.rising === true
      ? ceilingFigures({ subject: subject.name, legs: data, samples, blocks, blockSeconds, generatorShares })
      : []),
    ...loadFigures({ subject, cases, legs: data, blocks, legReasons: reasons, timeReasons: ofTimes }),
  ];
  // Where cases stand beside each other, each figure says itself what speaks against it, unless none is left.
  const isPartly = cases.length > 1 && figures.some(({ invalid }) => invalid.length === 0);
  return {
    subject: subject.name,
    title: subject.title,
    invalid: isPartly ? [] : [...all],
    targetRateRps: plan.rateRps,
    durationMs,
    variants,
    ...(subject.sliced === true && { notes: breakNotes(recorded) }),
    figures,
  };
}

function parametersOf(plan: LoadPlan): Record<string, string> {
  return {
    BLOCKS: String(plan.blocks),
    BLOCK_SECONDS: String(plan.blockSeconds),
    WARMUP_SECONDS: String(plan.warmupSeconds),
  };
}

/** How long the script calls. */
function lengthMs({ subject, plan, legs }: LoadOptions): number {
  const { blocks, blockSeconds, warmupSeconds } = plan;
  if (subject.sliced === true) return (warmupSeconds + blocks * blockSeconds) * 1000;
  return (warmupSeconds + gapSeconds + legs.length * blocks * (blockSeconds + gapSeconds)) * 1000;
}

function describePlan(options: LoadOptions): string {
  const { subject, plan, legs } = options;
  const { rateRps, blocks, blockSeconds } = plan;
  const seconds = Math.ceil(lengthMs(options) / 1000);
  return `${subject.name}: ${blocks} blocks of ${blockSeconds} s of each of ${legs.length} at ${rateRps} requests per second, about ${seconds} s`;
}

function describeResult({ subject, invalid, variants: results }: LoadResult): string {
  const figures = results.map(
    ({ name, case: of, latencyMs }) =>
      `${name}${of === undefined ? '' : ` ${of}`} p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`,
  );
  const doubt = invalid.length === 0 ? '' : ` (not valid: ${invalid.join('; ')})`;
  return `${subject}: ${figures.join('; ')}${doubt}`;
}
