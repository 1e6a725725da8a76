import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export const variants = ['direct', 'gateway'] as const;
export type VariantName = (typeof variants)[number];

/** What k6 recorded of one block of calls. */
export interface BlockSamples {
  variant: VariantName;
  /** 0-based among the variant's measured blocks. */
  index: number;
  /** Unix milliseconds of the first and last sample. */
  firstMs: number;
  lastMs: number;
  /** [Unix milliseconds of the call's end, latency in milliseconds], in the order recorded. */
  latencies: [number, number][];
  /** Calls begun and ended, failed ones included. */
  requests: number;
  /** Reasons of failed calls, one each. */
  failures: string[];
  droppedIterations: number;
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

// metric_name,timestamp,metric_value,scenario,extra_tags,metadata: the only column that can hold a comma is extra_tags.
const linePattern = /^(\w+),(\d+),([\d.]+),(direct|gateway)_(\d+),(.*),[^,]*$/;

function addLine(blocks: Map<string, BlockSamples>, line: string): void {
  const match = linePattern.exec(line);
  if (match === null) return;
  const [, metric = '', micros = '', value = '', variant = '', index = '', tags = ''] = match;
  const atMs = Number(micros) / 1000;
  const block = blockOf(blocks, variant as VariantName, Number(index), atMs);
  switch (metric) {
    case 'grpc_req_duration':
      block.latencies.push([atMs, Number(value)]);
      break;
    case 'iterations':
      block.requests += Number(value);
      break;
    case 'routeproof_failed_calls':
      block.failures.push(reasonOf(tags));
      break;
    case 'dropped_iterations':
      block.droppedIterations += Number(value);
      break;
    default:
      return;
  }
  block.firstMs = Math.min(block.firstMs, atMs);
  block.lastMs = Math.max(block.lastMs, atMs);
}

function blockOf(
  blocks: Map<string, BlockSamples>,
  variant: VariantName,
  index: number,
  atMs: number,
): BlockSamples {
  const key = `${variant}_${index}`;
  const known = blocks.get(key);
  if (known !== undefined) return known;
  const block: BlockSamples = {
    variant,
    index,
    firstMs: atMs,
    lastMs: atMs,
    latencies: [],
    requests: 0,
    failures: [],
    droppedIterations: 0,
  };
  blocks.set(key, block);
  return block;
}

/** `"reason=dial ""x"""` as CSV quotes it becomes `dial "x"`. */
function reasonOf(tags: string): string {
  const text = tags.startsWith('"') ? tags.slice(1, -1).replaceAll('""', '"') : tags;
  return text.replace(/^reason=/, '');
}
