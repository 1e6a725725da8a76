import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from 'simple-statistics';
import { messageOf } from '../../../common/errors.ts';
import type { CrossCheck, CrossCheckFigure, LoadResult, LoadVariant } from '../../results/load.ts';
import type { Leg } from '../legs.ts';
import type { Generator, Measurement } from './generator.ts';
import { ghz } from './ghz.ts';
import { h2load } from './h2load.ts';

/** In the order in which they run. */
export const generators: readonly Generator[] = [ghz, h2load];

/** Of each side and generator: at 100 calls a second a p99 stands on ten calls. */
const seconds = 10;

/**
 * How far two generators may lie apart. Said before any was run: their own time in a call differs (k6 has a JavaScript engine), at a
 * median of half a millisecond by as much; a p99 of a thousand calls stands on ten, and two runs of one generator differ by twice.
 */
const bounds = {
  achievedRateRps: { times: 1.05, apart: 0, words: 'within 5 %' },
  latencyP50Ms: { times: 1.5, apart: 0.5, words: 'within a factor of 1.5, or 0.5 ms apart' },
  latencyP99Ms: { times: 2.5, apart: 5, words: 'within a factor of 2.5, or 5 ms apart' },
} as const;

interface Options {
  /** What k6 measured. */
  result: LoadResult;
  legs: readonly Leg[];
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** Has other generators make the same calls, one after the other, and sets what they measure beside k6's. */
export async function crossChecked(
  { result, legs, progress, signal }: Options,
  others: readonly Generator[] = generators,
): Promise<CrossCheck[]> {
  const checks: CrossCheck[] = [];
  const workDir = await mkdtemp(join(tmpdir(), 'routeproof-cross-check-'));
  try {
    for (const generator of others) {
      const check = await checkOf(generator, { result, legs, workDir, signal });
      signal.throwIfAborted();
      progress(`${result.subject}: ${crossCheckText(check)}`);
      checks.push(check);
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return checks;
}

async function checkOf(
  { name, measure }: Generator,
  { result, legs, workDir, signal }: Omit<Options, 'progress'> & { workDir: string },
): Promise<CrossCheck> {
  if (result.invalid.length > 0)
    return notMeasured(name, `the run with k6 is not valid: ${result.invalid.join('; ')}`);
  try {
    const figures: CrossCheckFigure[] = [];
    for (const leg of legs) {
      const variant = result.variants.find(({ name: side }) => side === leg.side);
      if (variant === undefined) continue;
      figures.push(...compared(variant, await measure({ leg, seconds, workDir, signal })));
    }
    return {
      generator: name,
      verdict: figures.every(({ agrees }) => agrees) ? 'agrees' : 'disagrees',
      figures,
    };
  } catch (error) {
    return notMeasured(name, messageOf(error));
  }
}

function notMeasured(generator: CrossCheck['generator'], why: string): CrossCheck {
  return { generator, verdict: 'not measured', why: why.replaceAll(/\s*\n\s*/g, '; '), figures: [] };
}

/** Pure: what one side's figures are by either generator. */
export function compared(k6: LoadVariant, other: Measurement): CrossCheckFigure[] {
  const values = {
    achievedRateRps: [k6.achievedRateRps, other.rateRps],
    latencyP50Ms: [k6.latencyMs.p50, quantile(other.latenciesMs, 0.5)],
    latencyP99Ms: [k6.latencyMs.p99, quantile(other.latenciesMs, 0.99)],
  } as const;
  return (Object.keys(bounds) as (keyof typeof bounds)[]).map((name) => {
    const [a, b] = values[name];
    const { times, apart, words } = bounds[name];
    const agrees = Math.abs(a - b) <= apart || Math.max(a, b) <= times * Math.min(a, b);
    return { side: k6.name, name, k6: round(a), other: round(b), bound: words, agrees };
  });
}

/** For a terminal. */
export function crossCheckText({ generator, verdict, why, figures }: CrossCheck): string {
  if (why !== undefined) return `${generator}: ${verdict}: ${why}`;
  const told = figures.map(
    ({ side, name, k6, other, bound, agrees }) =>
      `${side} ${name} ${other} beside ${k6} of k6${agrees ? '' : ` (not ${bound})`}`,
  );
  return `${generator} ${verdict} with k6: ${told.join('; ')}`;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
