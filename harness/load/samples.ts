import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Side } from '../results/load.ts';

/** What k6 recorded of one block of calls. */
export interface BlockSamples {
  side: Side;
  /** Empty where the benchmark measures one thing only. */
  case: string;
  /** 0-based among the measured blocks of its leg. */
  index: number;
  /** Unix milliseconds of the first and last sample. */
  firstMs: number;
  lastMs: number;
  /** [Unix milliseconds of the call's end, or NaN where it was not kept, latency in milliseconds], in the order recorded. */
  latencies: [number, number][];
  /** Of all latencies, where those above are only some of them. */
  histogram?: string;
  /** Calls begun and ended, failed ones included. */
  requests: number;
  /** Messages on streams, where the script counts them. */
  messages: number;
  /** Messages a second of each stream, where the script measures streams. */
  streamRates: number[];
  /** Reasons of failed calls, one each. */
  failures: string[];
  droppedIterations: number;
  /** What speaks against all figures of the block, beside what its numbers say. */
  doubts?: string[];
}

/**
 * Reads k6's CSV output (`--out csv`, K6_CSV_TIME_FORMAT=unix_micro). Warm-up and metrics of no interest are left out.
 *
 * @returns blocks in the order they began
 */
export async function readSamples(path: string): Promise<BlockSamples[]> {
  return collectSamples(createInterface({ input: createReadStream(path), crlfDelay: Infinity }));
}

/** The same from lines already at hand. */
export async function collectSamples(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<BlockSamples[]> {
  const blocks = new Map<string, BlockSamples>();
  for await (const line of lines) addLine(blocks, line);
  return [...blocks.values()].sort((a, b) => a.firstMs - b.firstMs);
}

// metric_name,timestamp,metric_value,scenario,extra_tags,metadata: the only column that can hold a comma is extra_tags. The scenario is
// SIDE_BLOCK or SIDE_CASE_BLOCK.
const linePattern = /^(\w+),(\d+),([\d.]+),((direct|floor|gateway)(?:_([a-z0-9-]+))?_(\d+)),(.*),[^,]*$/;

function addLine(blocks: Map<string, BlockSamples>, line: string): void {
  const match = linePattern.exec(line);
  if (match === null) return;
  const [, metric = '', micros = '', text = '', name = '', side = '', caseName = '', index = '', tags = ''] =
    match;
  const atMs = Number(micros) / 1000;
  const value = Number(text);
  const block =
    blocks.get(name) ?? newBlock({ side: side as Side, case: caseName, index: Number(index) }, atMs);
  blocks.set(name, block);
  switch (metric) {
    case 'grpc_req_duration':
      if (!owned.has(block)) block.latencies.push([atMs, value]);
      break;
    case 'routeproof_latency':
      if (!owned.has(block)) block.latencies = [];
      owned.add(block);
      block.latencies.push([atMs, value]);
      break;
    case 'iterations':
      block.requests += value;
      break;
    case 'routeproof_messages':
      block.messages += value;
      break;
    case 'routeproof_stream_rate':
      block.streamRates.push(value);
      break;
    case 'routeproof_failed_calls':
      block.failures.push(reasonOf(tags));
      break;
    case 'dropped_iterations':
      block.droppedIterations += value;
      break;
    default:
      return;
  }
  block.firstMs = Math.min(block.firstMs, atMs);
  block.lastMs = Math.max(block.lastMs, atMs);
}

/** Blocks of a script that has a latency of its own: k6's is not what it measures. */
const owned = new WeakSet<BlockSamples>();

function newBlock(of: Pick<BlockSamples, 'side' | 'case' | 'index'>, atMs: number): BlockSamples {
  return {
    ...of,
    firstMs: atMs,
    lastMs: atMs,
    latencies: [],
    requests: 0,
    messages: 0,
    streamRates: [],
    failures: [],
    droppedIterations: 0,
  };
}

/** `"reason=dial ""x"""` as CSV quotes it becomes `dial "x"`. */
function reasonOf(tags: string): string {
  const text = tags.startsWith('"') ? tags.slice(1, -1).replaceAll('""', '"') : tags;
  return text.replace(/^reason=/, '');
}
