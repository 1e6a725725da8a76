import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import type { LoadResult, LoadVariant } from '../results/run.ts';
import { CpuSampler, cpuUsedNs } from './cpu-time.ts';
import type { CpuSample } from './cpu-time.ts';
import { runK6 } from './k6.ts';
import { summariseVariant } from './latency.ts';
import { readSamples, variants } from './samples.ts';
import type { BlockSamples } from './samples.ts';
import { loadScript, loadSubjects } from './subject-names.ts';
import { invalidReasons } from './validity.ts';

export interface LoadPlan {
  rateRps: number;
  /** Measured blocks of each variant. */
  blocks: number;
  /** At least 1, as k6 demands of any duration. */
  blockSeconds: number;
  /** Of both variants at once, before all blocks; at least 1. */
  warmupSeconds: number;
}

export interface LoadOptions extends LoadPlan {
  /** Names suites/load/SUBJECT.k6.ts. */
  subject: string;
  gateway: { address: string; port: number; authority: string };
  /** The same backend without the gateway. */
  direct: { address: string; port: number };
  /** Processes whose CPU time is the gateway's cost; none where they cannot be seen. Asked once, before the first call. */
  proxyPids: () => readonly number[];
  /** An existing directory for k6's samples, which are removed again. */
  workDir: string;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** The script's, after each block. */
const gapSeconds = 0.25;
/** About 9 s in all: three blocks of 1 s each way at a rate that two busy cores hold. */
export const shortPlan: LoadPlan = { rateRps: 300, blocks: 3, blockSeconds: 1, warmupSeconds: 1 };
/** About 2 min: enough calls (15,000 each way) for a p99.9 that stands on 15 of them. */
export const longPlan: LoadPlan = { rateRps: 300, blocks: 5, blockSeconds: 10, warmupSeconds: 5 };

const titles: Record<string, string> = {
  'unary-latency': 'Latency of unary calls at a fixed arrival rate',
};

/**
 * Measures the same backend straight and through the gateway, in alternating blocks.
 *
 * @returns the figures, with the reasons not to believe them in `invalid`
 * @throws RouteproofError INVALID_INPUT - no such subject
 * @throws RouteproofError LOAD_FAILED - k6 is missing or failed; errors of the gateway are no failure of the benchmark
 * @throws the signal's reason when it is aborted; k6 is then gone
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const script = scriptOf(options.subject);
  const csvPath = join(options.workDir, `${options.subject}-${process.pid}.csv`);
  options.progress(describePlan(options));
  const sampler = new CpuSampler(options.proxyPids());
  const startedMs = Date.now();
  try {
    await runK6({ script, parameters: parametersOf(options), csvPath, signal: options.signal });
    sampler.stop();
    const durationMs = Date.now() - startedMs;
    const result = resultOf(options, await readSamples(csvPath), sampler.samples, durationMs);
    options.progress(describeResult(result));
    return result;
  } finally {
    sampler.stop();
    await rm(csvPath, { force: true });
  }
}

/** The result of samples at hand: pure. */
export function resultOf(
  options: Pick<LoadOptions, 'subject' | keyof LoadPlan>,
  samples: readonly BlockSamples[],
  cpu: readonly CpuSample[],
  durationMs: number,
): LoadResult {
  const startedMs = Math.min(...samples.map(({ firstMs }) => firstMs));
  const results = variants.map((name) => {
    const blocks = samples.filter(({ variant }) => variant === name);
    return summariseVariant(name, blocks, startedMs, options.blockSeconds * 1000);
  });
  return {
    subject: options.subject,
    title: titles[options.subject] ?? options.subject,
    invalid: invalidReasons(results, samples, options),
    targetRateRps: options.rateRps,
    durationMs,
    variants: results.map((variant) => ({ ...variant, ...proxyCost(variant, samples, cpu) })),
  };
}

function proxyCost(
  variant: LoadVariant,
  samples: readonly BlockSamples[],
  cpu: readonly CpuSample[],
): Pick<LoadVariant, 'proxyCpuUsPerRequest'> {
  if (variant.name !== 'gateway' || variant.requests === 0) return {};
  let usedNs = 0;
  for (const block of samples.filter((each) => each.variant === 'gateway')) {
    const used = cpuUsedNs(cpu, block.firstMs, block.lastMs);
    if (used === undefined) return {};
    usedNs += used;
  }
  return { proxyCpuUsPerRequest: Math.round(usedNs / variant.requests / 100) / 10 };
}

function parametersOf({ gateway, direct, ...plan }: LoadOptions): Record<string, string> {
  return {
    DIRECT: `${direct.address}:${direct.port}`,
    GATEWAY: `${gateway.address}:${gateway.port}`,
    AUTHORITY: gateway.authority,
    RATE: String(plan.rateRps),
    BLOCKS: String(plan.blocks),
    BLOCK_SECONDS: String(plan.blockSeconds),
    WARMUP_SECONDS: String(plan.warmupSeconds),
  };
}

function scriptOf(subject: string): string {
  const known = loadSubjects();
  if (known.includes(subject)) return loadScript(subject);
  throw new RouteproofError('INVALID_INPUT', 'there is no such benchmark', {
    object: `subject ${subject}`,
    hint: `one of ${known.join(', ')}`,
  });
}

function describePlan({ subject, rateRps, blocks, blockSeconds, warmupSeconds }: LoadOptions): string {
  const totalSeconds = warmupSeconds + gapSeconds + 2 * blocks * (blockSeconds + gapSeconds);
  return `${subject}: ${blocks} blocks of ${blockSeconds} s each way at ${rateRps} requests per second, about ${Math.ceil(totalSeconds)} s`;
}

function describeResult({ subject, invalid, variants: results }: LoadResult): string {
  const figures = results.map(
    ({ name, latencyMs }) => `${name} p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`,
  );
  const doubt = invalid.length === 0 ? '' : ` (not valid: ${invalid.join('; ')})`;
  return `${subject}: ${figures.join('; ')}${doubt}`;
}
