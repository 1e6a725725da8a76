/** A line of a history of benchmarks, one a run: what of its figures can be compared over time. */
export interface HistoryEntry {
  /** RFC 3339, UTC. */
  startedAt: string;
  /** Of the checkout or of the CI job; absent outside of both. */
  commit?: string;
  implementation: { name: string; version: string };
  machine: { cpus: number; cpuModel: string };
  figures: HistoryFigure[];
}

export interface HistoryFigure {
  /** The same for the same figure of any run. */
  key: string;
  subject: string;
  title: string;
  /** `gateway / floor`, or '' of the control plane. */
  side: string;
  /** `1000 rules`, `3000 routes`, or ''. */
  of: string;
  unit: string;
  value: number;
  /** The figure's interval, where it has one. */
  low?: number;
  high?: number;
}
