import type { CaseSize, Side } from '../results/load.ts';

/** In the order in which they are shown. */
export const sideOrder: readonly Side[] = ['direct', 'floor', 'gateway'];

/** One thing that a benchmark measures beside others: a size of the messages, a number of rules. */
export interface LoadCase {
  /** Lower case letters, digits and hyphens; empty where a benchmark measures one thing only. */
  name: string;
  size?: number;
  sizeOf?: CaseSize;
  /** Instead of the benchmark's rate, where it is less: large messages. */
  mostRps?: number;
  /** Instead of the benchmark's rate: what is measured is the rate. */
  rateRps?: number;
  /** Sides that are measured in this case; default all of the benchmark's. */
  sides?: readonly Side[];
}

/** One way to the backend in one case: what a block measures. */
export interface Leg {
  side: Side;
  case: string;
  rateRps: number;
  /** host:port */
  target: string;
  authority?: string;
  tls?: boolean;
  metadata?: Record<string, string>;
}

/** The scripts' pause after each block (suites/load/shared/blocks.k6.ts). */
export const gapSeconds = 0.25;

export function legName(of: { side: Side; case: string }): string {
  return of.case === '' ? of.side : `${of.side} ${of.case}`;
}
