import type { Side } from '../results/load.ts';
import { cpuUsedNs, memoryAt, memoryGrowth, type CpuSample } from '../proxies/cpu-time.ts';
import type { Leg } from './legs.ts';
import type { BlockSamples } from './samples.ts';

/** Processes whose cost is told: the proxies of two sides, and k6. */
export type Watched = Exclude<Side, 'direct'> | 'generator';
export type ProcessSamples = Partial<Record<Watched, readonly CpuSample[]>>;

/** What is known of one leg, block by block; NaN where something could not be seen in a block. */
export interface LegData {
  leg: Leg;
  /** Latencies in milliseconds, ascending, and the block of each. */
  latenciesMs: Float64Array;
  latencyBlocks: Uint16Array;
  requests: number[];
  messages: number[];
  /** Messages a second of the block's streams, on average. */
  streamRates: number[];
  /** Undefined where the leg's proxy was never seen. */
  cpuNs: number[] | undefined;
  memoryBytes: number[] | undefined;
  memoryGrowthBytes: number[] | undefined;
}

export function legData(
  leg: Leg,
  samples: readonly BlockSamples[],
  blocks: number,
  processes: ProcessSamples,
): LegData {
  const own = Array.from({ length: blocks }, (_, index) =>
    samples.find((each) => each.side === leg.side && each.case === leg.case && each.index === index),
  );
  const seen = leg.side === 'direct' ? [] : (processes[leg.side] ?? []);
  const ofBlocks = (read: (block: BlockSamples) => number | undefined): number[] =>
    own.map((block) => (block === undefined ? NaN : (read(block) ?? NaN)));
  const ofProxy = (read: (block: BlockSamples) => number | undefined): number[] | undefined =>
    seen.length === 0 ? undefined : ofBlocks(read);
  return {
    leg,
    ...sortedWithBlocks(own),
    requests: ofBlocks(({ requests }) => requests),
    messages: ofBlocks(({ messages }) => messages),
    streamRates: ofBlocks(({ streamRates }) => mean(streamRates)),
    cpuNs: ofProxy(({ firstMs, lastMs }) => cpuUsedNs(seen, firstMs, lastMs)),
    memoryBytes: ofProxy(({ lastMs }) => memoryAt(seen, lastMs)),
    memoryGrowthBytes: ofProxy(({ firstMs, lastMs }) => memoryGrowth(seen, firstMs, lastMs)),
  };
}

/** Share of the machine that k6 used in a leg's blocks; undefined where it was not seen. */
export function generatorShare(
  { leg }: LegData,
  samples: readonly BlockSamples[],
  generator: readonly CpuSample[] | undefined,
  cpus: number,
): number | undefined {
  let [usedNs, lengthMs] = [0, 0];
  for (const block of samples.filter((each) => each.side === leg.side && each.case === leg.case)) {
    const used = cpuUsedNs(generator ?? [], block.firstMs, block.lastMs);
    if (used === undefined) continue;
    usedNs += used;
    lengthMs += block.lastMs - block.firstMs;
  }
  return lengthMs === 0 ? undefined : usedNs / 1e6 / lengthMs / cpus;
}

function sortedWithBlocks(
  blocks: readonly (BlockSamples | undefined)[],
): Pick<LegData, 'latenciesMs' | 'latencyBlocks'> {
  const pairs = blocks
    .flatMap((block, index) => (block?.latencies ?? []).map(([, ms]): [number, number] => [ms, index]))
    .sort(([a], [b]) => a - b);
  return {
    latenciesMs: Float64Array.from(pairs, ([ms]) => ms),
    latencyBlocks: Uint16Array.from(pairs, ([, index]) => index),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
