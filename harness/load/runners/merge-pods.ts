import { encodeLatencies } from '../histogram.ts';
import type { BlockSamples } from '../samples.ts';
import { gapSeconds, type Leg } from '../legs.ts';
import { latenciesOf, mergeLatencies, thinned } from './distribution.ts';
import type { PodBlock, PodReport } from './pod-report.ts';

export interface MergeInput {
  reports: readonly PodReport[];
  legs: readonly Leg[];
  blocks: number;
  /** How many pods there should be. */
  parallelism: number;
  /** Why results of pods are missing; against every block. */
  doubts: readonly string[];
}

/**
 * Of a block, evenly by rank: a million calls a second are more than 1,000 draws of intervals can be made of, and p99.9 stands on ten of
 * these still. Counts and histograms are of all.
 */
const mostLatencies = 10_000;
/** Further apart, one pod measures another side already. */
const mostShiftMs = gapSeconds * 1000;

/** What several pods measured, put together block by block: calls are added, latencies are those of all pods. */
export function mergePods(input: MergeInput): BlockSamples[] {
  const blocks = input.legs.flatMap((leg) =>
    Array.from({ length: input.blocks }, (_, index) => mergeBlock(input, leg, index)),
  );
  return blocks.filter((block) => block !== undefined).sort((a, b) => a.firstMs - b.firstMs);
}

function mergeBlock(input: MergeInput, leg: Leg, index: number): BlockSamples | undefined {
  const name = `${leg.case === '' ? leg.side : `${leg.side}_${leg.case}`}_${index}`;
  const parts = input.reports.flatMap((report) => {
    const block = report.blocks.find((each) => each.name === name);
    return block === undefined || block.firstMs === 0 ? [] : [{ report, block }];
  });
  if (parts.length === 0) return undefined;
  const merged = mergeLatencies(parts.map(({ report, block }) => latenciesOf(block, report.quantiles)));
  return {
    side: leg.side,
    case: leg.case,
    index,
    firstMs: Math.min(...parts.map(({ block }) => block.firstMs)),
    lastMs: Math.max(...parts.map(({ block }) => block.lastMs)),
    latencies: Array.from(thinned(merged, mostLatencies), (ms): [number, number] => [NaN, ms]),
    histogram: encodeLatencies(merged),
    requests: sum(parts, ({ requests }) => requests),
    messages: 0,
    streamRates: [],
    failures: failuresOf(input.reports, name),
    droppedIterations: sum(parts, ({ droppedIterations }) => droppedIterations),
    doubts: [...input.doubts, ...doubtsOf(input, leg, index, parts)],
  };
}

type Part = { report: PodReport; block: PodBlock };

function sum(parts: readonly Part[], of: (block: PodBlock) => number): number {
  return parts.reduce((total, { block }) => total + of(block), 0);
}

/** A reason for each failed call. Virtual users tell their first; the others are taken to have failed as those did. */
function failuresOf(reports: readonly PodReport[], name: string): string[] {
  return reports.flatMap(({ blocks, failures }) => {
    const told = failures.filter(({ block }) => block === name).map(({ reason }) => reason);
    const count = blocks.find((each) => each.name === name)?.failed ?? 0;
    return Array.from({ length: count }, (_, n) => told[n % told.length] ?? 'a reason that was not told');
  });
}

/** Pods must have loaded it together: else what was measured is less than the rate, for longer. */
function doubtsOf(
  { parallelism, reports }: MergeInput,
  leg: Leg,
  index: number,
  parts: readonly Part[],
): string[] {
  const doubts: string[] = [];
  const missing = reports.length - parts.length;
  if (missing > 0)
    doubts.push(`${leg.side}: ${missing} of ${reports.length} pods made no calls in block ${index + 1}`);
  const begun = parts.map(({ block }) => block.firstMs);
  const apartMs = Math.max(...begun) - Math.min(...begun);
  // The first arrival of a pod may come as late as its next one.
  const allowedMs = mostShiftMs + (1000 * parallelism) / leg.rateRps;
  if (apartMs > allowedMs)
    doubts.push(
      `${leg.side}: pods began block ${index + 1} ${Math.round(apartMs)} ms apart, more than ${Math.round(allowedMs)}: they did not call at the same time`,
    );
  return doubts;
}
