import { mean, quantileSorted } from 'simple-statistics';
import { given } from '../../common/given.ts';
import type { LoadBlock, LoadVariant } from '../results/load.ts';
import { encodeLatencies, mergeHistograms } from './histogram.ts';
import type { Leg } from './legs.ts';
import type { BlockSamples } from './samples.ts';

/** Percentiles of the cumulative distribution: finer towards the tail, where gateways differ. */
const curvePercentiles = [
  ...Array.from({ length: 18 }, (_, n) => n * 5),
  ...Array.from({ length: 10 }, (_, n) => 90 + n),
  ...Array.from({ length: 10 }, (_, n) => 99 + n / 10),
  99.95,
  99.99,
  100,
];

/** What one leg's blocks come to. `startedMs` (Unix) is the start of the measurement. */
export function summariseVariant(
  leg: Pick<Leg, 'side' | 'case'>,
  blocks: readonly BlockSamples[],
  startedMs: number,
  blockMs: number,
): LoadVariant {
  const latencies = sortedLatencies(blocks);
  const requests = sum(blocks.map((block) => block.requests));
  const summaries = blocks.map((block) => summariseBlock(block, startedMs, blockMs));
  const histogram = mergeHistograms(summaries.flatMap((block) => block.histogram ?? []));
  return {
    name: leg.side,
    ...(leg.case !== '' && { case: leg.case }),
    requests,
    errors: sum(blocks.map(({ failures }) => failures.length)),
    droppedIterations: sum(blocks.map(({ droppedIterations }) => droppedIterations)),
    achievedRateRps: blocks.length === 0 ? 0 : round(requests / ((blocks.length * blockMs) / 1000)),
    latencyMs: { ...percentilesOf(latencies), mean: latencies.length === 0 ? 0 : round(mean(latencies)) },
    percentiles: latencies.length === 0 ? [] : curvePercentiles.map((p) => [p, at(latencies, p)]),
    blocks: summaries,
    ...given({ histogram }),
  };
}

function summariseBlock(block: BlockSamples, startedMs: number, blockMs: number): LoadBlock {
  const latencies = sortedLatencies([block]);
  return {
    startMs: round(block.firstMs - startedMs),
    durationMs: blockMs,
    requests: block.requests,
    errors: block.failures.length,
    droppedIterations: block.droppedIterations,
    latencyMs: percentilesOf(latencies),
    series: seriesOf(block, startedMs),
    histogram: block.histogram ?? encodeLatencies(latencies),
  };
}

/** One point for each second that a call ended in; the first second begins with the block. None where nobody knows when they ended. */
function seriesOf(block: BlockSamples, startedMs: number): LoadBlock['series'] {
  const seconds = new Map<number, number[]>();
  for (const [atMs, latency] of block.latencies) {
    if (Number.isNaN(atMs)) continue;
    const second = Math.floor((atMs - block.firstMs) / 1000);
    const known = seconds.get(second);
    if (known === undefined) seconds.set(second, [latency]);
    else known.push(latency);
  }
  return [...seconds.entries()]
    .sort(([a], [b]) => a - b)
    .map(([second, latencies]) => {
      const sorted = latencies.sort((a, b) => a - b);
      const atMs = round(block.firstMs - startedMs + second * 1000);
      return { atMs, requests: sorted.length, p50Ms: at(sorted, 50), p99Ms: at(sorted, 99) };
    });
}

function percentilesOf(sorted: number[]): LoadBlock['latencyMs'] {
  if (sorted.length === 0) return { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };
  const [p50, p90, p99, p999, max] = [50, 90, 99, 99.9, 100].map((p) => at(sorted, p));
  return { p50: p50 ?? 0, p90: p90 ?? 0, p99: p99 ?? 0, p999: p999 ?? 0, max: max ?? 0 };
}

/** Linear between the two nearest ranks (type 7 of Hyndman and Fan), as most tools draw it. */
function at(sorted: number[], percentile: number): number {
  return round(quantileSorted(sorted, percentile / 100));
}

export function sortedLatencies(blocks: readonly BlockSamples[]): number[] {
  return blocks.flatMap((block) => block.latencies.map(([, latency]) => latency)).sort((a, b) => a - b);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** To a microsecond: k6's own resolution is no better. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
