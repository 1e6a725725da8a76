import type { LoadFigure } from '../results/load.ts';
import type { LegData } from './leg-data.ts';

/** One figure of one leg, as a function of how often each block counts. */
export interface Measure extends Pick<LoadFigure, 'name' | 'title' | 'unit' | 'better'> {
  of: (drawn: readonly number[]) => number;
  /** Whether its ratio between two sides means something, and its difference between two cases. */
  isRatio: boolean;
}

/** What is measured of a leg: latencies, cost of the proxy where it was seen, and rates. */
export function measuresOf(data: LegData, timed: 'call' | 'message'): Measure[] {
  return [...latencyMeasures(data, timed), ...proxyMeasures(data, timed), ...rateMeasures(data, timed)];
}

function latencyMeasures(data: LegData, timed: 'call' | 'message'): Measure[] {
  const what = timed === 'call' ? 'Latency' : 'Latency of a message';
  const name = timed === 'call' ? 'latency' : 'messageLatency';
  const counts = latencyCounts(data);
  return (
    [
      ['P50Ms', 'median', 0.5],
      ['P99Ms', '99th percentile', 0.99],
    ] as const
  ).map(([ending, word, share]) => ({
    name: `${name}${ending}`,
    title: `${what}, ${word}`,
    unit: 'ms',
    better: 'lower',
    isRatio: true,
    of: (drawn) => drawnPercentile(data, counts, drawn, share),
  }));
}

function proxyMeasures(data: LegData, timed: 'call' | 'message'): Measure[] {
  const { cpuNs, memoryBytes, memoryGrowthBytes } = data;
  if (cpuNs === undefined || memoryBytes === undefined || memoryGrowthBytes === undefined) return [];
  const each = timed === 'call' ? 'request' : 'message';
  const ending = timed === 'call' ? 'PerRequest' : 'PerMessage';
  const divisor = timed === 'call' ? data.requests : data.messages;
  const lower = { better: 'lower', isRatio: false } as const;
  return [
    {
      name: `proxyCpuUs${ending}`,
      title: `CPU time of the proxy for a ${each}`,
      unit: 'us',
      ...lower,
      isRatio: true,
      of: (drawn) => weighted(drawn, cpuNs) / weighted(drawn, divisor) / 1000,
    },
    {
      name: 'proxyMemoryBytes',
      title: 'Memory of the proxy at the end of a block',
      unit: 'bytes',
      ...lower,
      of: (drawn) => weighted(drawn, memoryBytes) / total(drawn),
    },
    {
      name: `proxyMemoryGrowthBytes${ending}`,
      title: `Growth of the proxy's memory for a ${each}`,
      unit: 'bytes',
      ...lower,
      of: (drawn) => weighted(drawn, memoryGrowthBytes) / weighted(drawn, divisor),
    },
  ];
}

function rateMeasures(data: LegData, timed: 'call' | 'message'): Measure[] {
  // Streams that stay open have no rate of their own.
  if (timed === 'call' || !data.streamRates.some(Number.isFinite)) return [];
  return [
    {
      name: 'streamMessagesPerSecond',
      title: 'Messages a second of one stream',
      unit: 'messages/s',
      better: 'higher',
      isRatio: true,
      of: (drawn) => weighted(drawn, data.streamRates) / total(drawn),
    },
  ];
}

/** How many latencies each block has. */
function latencyCounts({ latencyBlocks, requests }: LegData): number[] {
  const counts = requests.map(() => 0);
  for (const block of latencyBlocks) counts[block] = (counts[block] ?? 0) + 1;
  return counts;
}

/** As quantileSorted (type 7 of Hyndman and Fan) of all latencies, each as often as its block was drawn. */
function drawnPercentile(
  { latenciesMs, latencyBlocks }: LegData,
  counts: readonly number[],
  drawn: readonly number[],
  share: number,
): number {
  const count = weighted(drawn, counts);
  if (count === 0) return NaN;
  const place = (count - 1) * share;
  const rank = Math.floor(place);
  let passed = 0;
  let below: number | undefined;
  for (let n = 0; n < latenciesMs.length; n++) {
    const times = drawn[latencyBlocks[n] ?? 0] ?? 0;
    if (times === 0) continue;
    passed += times;
    const ms = latenciesMs[n] ?? NaN;
    if (below === undefined && passed > rank) below = ms;
    if (below !== undefined && (passed > rank + 1 || rank === place))
      return below + (ms - below) * (place - rank);
  }
  return below ?? NaN;
}

/** Blocks that were not drawn do not matter, whatever they have. */
function weighted(drawn: readonly number[], values: readonly number[]): number {
  return drawn.reduce((sum, times, block) => (times === 0 ? sum : sum + times * (values[block] ?? NaN)), 0);
}

function total(drawn: readonly number[]): number {
  return drawn.reduce((sum, times) => sum + times, 0);
}
