/** What benchmarks of the control plane leave in run.json: how long a change takes to be served, what it costs, what it breaks. */

export interface ControlPlaneResult {
  subject: string;
  title: string;
  /** Why none of its figures may be believed; empty where each speaks for itself. */
  invalid: string[];
  durationMs: number;
  /** Why it ended before everything was measured: its figures are of what came before. */
  ended?: string;
  figures: ControlPlaneFigure[];
  /** What it would have measured, and why it did not. */
  notMeasured: { what: string; why: string }[];
  /** Why a call that was lost may be the machine's loss: other work kept it busy. Absent where it was not, and in results of older versions. */
  busy?: string;
}

export interface ControlPlaneFigure {
  /** Unit at the end: `changeServedMs`. With `size` it is unique in its subject. */
  name: string;
  title: string;
  unit: 'ms' | 'bytes' | 'calls' | 'writes' | 'percent';
  /** How many there were of what grows. */
  size?: number;
  sizeOf?: 'routes' | 'gateways';
  /** Why it may not be believed; empty when it may. */
  invalid: string[];
  /** Every single one, in the order of measurement, so that runs can be merged and compared. */
  samples: number[];
  /** Whether each sample is an average of several measurements: what counts of them is their mean. */
  averages?: boolean;
  /** Of the samples; only of a valid figure that has some. */
  summary?: FigureSummary;
  /** How often a call ended in which way, of calls that were lost: by gRPC code, or what else was wrong. */
  codes?: Record<string, number>;
}

export interface FigureSummary {
  samples: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
  mean: number;
}
