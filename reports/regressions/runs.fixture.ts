import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { ControlPlaneFigure } from '../../harness/results/control-plane.ts';
import type { FigureSide, LoadFigure, LoadResult, LoadVariant, Side } from '../../harness/results/load.ts';
import type { Run } from '../../harness/results/run.ts';
import { exampleRun } from '../testing/example-run.fixture.ts';

/** What a run's machine and gateway were like. Times in milliseconds. */
export interface Traits {
  seed: number;
  /** Everything takes so many times as long. */
  machine?: number;
  floorMs?: number;
  gatewayMs?: number;
  /** Calls lost through the gateway, of 30,000. */
  lost?: number;
  /** Calls lost straight to the backend, of 30,000. */
  lostDirect?: number;
  /** Sent to the proxy for one change among that many routes. */
  bytesPerChange?: (routes: number) => number;
  blocks?: number;
  /** Why the gateway's latencies may not be believed. */
  doubt?: string;
  /** Streams broken through the gateway, of 10. */
  broken?: number;
}

const requests = 30_000;
const sizes = [100, 1_000, 5_000];

/** A run of two benchmarks in which blocks vary by some 5 % and single changes by some 20 %, as they do on a shared machine. */
export function runLike(traits: Traits): Run {
  const { machine = 1, floorMs = 0.5, gatewayMs = 0.55, lost = 0, blocks = 8, doubt, broken = 0 } = traits;
  const lostOf: Partial<Record<Side, number>> = { gateway: lost, direct: traits.lostDirect ?? 0 };
  const noise = noiseOf(traits.seed);
  const sides: Record<Side, number> = { direct: 0.3, floor: floorMs, gateway: gatewayMs };
  const of = Object.entries(sides).map(([side, ms]) => ({
    side: side as Side,
    values: Array.from({ length: blocks }, () => ms * machine * (1 + 0.05 * noise())),
  }));
  const [floor, gateway] = [of[1]?.values ?? [], of[2]?.values ?? []];
  const ratios = gateway.map((value, block) => value / (floor[block] ?? NaN));
  const doubts = [
    ...(lost === 0 ? [] : [`gateway: ${lost} calls failed`]),
    ...(doubt === undefined ? [] : [doubt]),
  ];
  const load: LoadResult = {
    subject: 'unary-latency',
    title: 'Unary calls at a steady rate',
    invalid: doubts,
    targetRateRps: 400,
    durationMs: 40_000,
    variants: of.map(({ side }) => variant(side, lostOf[side] ?? 0)),
    figures: [
      ...of.map(({ side, values }) => loadFigure(side, values, side === 'gateway' ? doubts : [])),
      loadFigure('gateway / floor', ratios, doubts),
    ],
  };
  return {
    ...exampleRun(),
    load: [load, longStreams(broken)],
    controlPlane: [propagation(noise, machine), scale(noise, traits)],
  };
}

/** Evenly between -1 and 1. */
function noiseOf(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random) * 2 - 1;
}

function variant(name: Side, errors: number): LoadVariant {
  const latencyMs = { p50: 0.5, p90: 0.7, p99: 1, p999: 2, max: 3, mean: 0.5 };
  return {
    name,
    requests,
    errors,
    droppedIterations: 0,
    achievedRateRps: 400,
    latencyMs,
    percentiles: [],
    blocks: [],
  };
}

function loadFigure(side: FigureSide, samples: number[], invalid: string[]): LoadFigure {
  const value = samples.reduce((sum, each) => sum + each, 0) / samples.length;
  return {
    subject: 'unary-latency',
    name: 'latencyP50Ms',
    title: 'Latency, median',
    side,
    unit: side.includes('/') ? 'ratio' : 'ms',
    better: 'lower',
    invalid,
    samples,
    calls: requests,
    ...(invalid.length === 0 && { value }),
  };
}

/** As it is measured: how many broke is one number a side. */
function longStreams(broken: number): LoadResult {
  const figures = (['direct', 'floor', 'gateway'] as const).map((side): LoadFigure => ({
    subject: 'long-streams',
    name: 'brokenStreams',
    title: 'Streams that broke, of 10',
    side,
    unit: 'streams',
    better: 'lower',
    invalid: [],
    samples: [side === 'gateway' ? broken : 0],
    calls: 10,
    value: side === 'gateway' ? broken : 0,
  }));
  return {
    subject: 'long-streams',
    title: 'Streams held open while routes change',
    invalid: [],
    targetRateRps: 50,
    durationMs: 60_000,
    variants: [],
    figures,
  };
}

type ControlPlane = NonNullable<Run['controlPlane']>[number];

function propagation(noise: () => number, machine: number): ControlPlane {
  const times = (ms: number): number[] =>
    Array.from({ length: 100 }, () => ms * machine * (1 + 0.2 * noise()));
  return benchmark('route-propagation', [
    changeFigure('changeServedMs', 'ms', times(20), 3_000),
    changeFigure('probeCallMs', 'ms', times(0.8), 3_000),
  ]);
}

function scale(noise: () => number, { bytesPerChange = () => 900 }: Traits): ControlPlane {
  const figures = sizes.map((routes) =>
    changeFigure(
      'bytesToProxyPerChange',
      'bytes',
      // All that was sent, divided by the changes: one number.
      [bytesPerChange(routes) * (1 + 0.02 * noise())],
      routes,
    ),
  );
  return benchmark('route-scale', figures);
}

function benchmark(subject: string, figures: ControlPlaneFigure[]): ControlPlane {
  return { subject, title: subject, invalid: [], durationMs: 60_000, figures, notMeasured: [] };
}

function changeFigure(
  name: string,
  unit: ControlPlaneFigure['unit'],
  samples: number[],
  size: number,
): ControlPlaneFigure {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  const summary = {
    samples: samples.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: at(1),
    mean: at(0.5),
  };
  return { name, title: name, unit, size, sizeOf: 'routes', invalid: [], samples, summary };
}
