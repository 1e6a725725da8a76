/** What benchmarks of calls leave in run.json. Units end the names. */

/** Straight to the backend, through an Envoy with a configuration as lean as can be, or through the gateway. */
export type Side = 'direct' | 'floor' | 'gateway';

/** What a figure is of: one side, or two of them compared within the same blocks. */
export type FigureSide =
  Side | 'floor - direct' | 'gateway - floor' | 'gateway - direct' | 'gateway / floor' | 'gateway / direct';

/** What grows from case to case. */
export type CaseSize = 'bytes' | 'rules' | 'headers' | 'rps';

export interface LoadResult {
  subject: string;
  title: string;
  /** Why the figures below may not be believed; empty when valid. */
  invalid: string[];
  targetRateRps: number;
  durationMs: number;
  variants: LoadVariant[];
  /** Each describes itself; absent in results of older versions. */
  figures?: LoadFigure[];
  /** What is to be known when reading it, in full sentences. */
  notes?: string[];
  /** The pods that called; absent where the load generator ran beside routeproof. */
  runner?: LoadRunner;
  /** What other load generators measured at the same rate; only with --cross-check. */
  crossChecks?: CrossCheck[];
}

/** Another load generator beside k6. */
export interface CrossCheck {
  generator: 'ghz' | 'h2load';
  verdict: 'agrees' | 'disagrees' | 'not measured';
  /** Why nothing was measured: it is not installed, or failed. That is no pass. */
  why?: string;
  figures: CrossCheckFigure[];
}

export interface CrossCheckFigure {
  side: Side;
  name: 'achievedRateRps' | 'latencyP50Ms' | 'latencyP99Ms';
  k6: number;
  other: number;
  /** What had to hold, in words. */
  bound: string;
  agrees: boolean;
}

/** Several pods that call together. */
export interface LoadRunner {
  kind: 'job' | 'k6-operator';
  /** How many pods. */
  parallelism: number;
  /** Of k6. */
  image: string;
}

export interface LoadVariant {
  name: Side;
  /** Of a benchmark that measures several things one beside the other: which of them. */
  case?: string;
  requests: number;
  errors: number;
  droppedIterations: number;
  achievedRateRps: number;
  latencyMs: { p50: number; p90: number; p99: number; p999: number; max: number; mean: number };
  /** Cumulative distribution for the percentile chart: [percentile 0..100, latencyMs]. */
  percentiles: [number, number][];
  blocks: LoadBlock[];
  /** CPU time of the proxy processes divided by requests; absent where they cannot be seen, and of the direct side. */
  proxyCpuUsPerRequest?: number;
  /** All latencies of the blocks: see LoadBlock. */
  histogram?: string;
}

export interface LoadBlock {
  /** Milliseconds after the measurement's start. */
  startMs: number;
  durationMs: number;
  requests: number;
  errors: number;
  droppedIterations: number;
  latencyMs: { p50: number; p90: number; p99: number; p999: number; max: number };
  /** Per-second points for the time chart. */
  series: { atMs: number; requests: number; p50Ms: number; p99Ms: number }[];
  /** HdrHistogram of the latencies in microseconds, three significant digits: V2, compressed, base64. Several are merged by adding them. */
  histogram?: string;
}

/** One figure that says all that is needed to compare it with that of another run. */
export interface LoadFigure {
  subject: string;
  /** Unit at the end: `latencyP99Ms`. With side and case it is unique in its subject. */
  name: string;
  title: string;
  side: FigureSide;
  case?: string;
  /** What the case is the size of, where it is one. */
  size?: number;
  sizeOf?: CaseSize;
  unit: 'ms' | 'us' | 'bytes' | 'rps' | 'messages/s' | 'calls' | 'streams' | 'ratio' | 'percent';
  better: 'lower' | 'higher';
  /** Why it may not be believed; empty when it may. */
  invalid: string[];
  /** The figure of each block alone, in order: what the interval stands on. */
  samples: number[];
  /** Calls (or messages) that it is of. */
  calls: number;
  /** Of all blocks together; only of a valid figure. */
  value?: number;
  /** Where the figure may lie; absent with fewer blocks than an interval needs. */
  interval?: { low: number; high: number; level: number };
}
