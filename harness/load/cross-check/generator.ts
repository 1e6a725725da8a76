import type { CrossCheck } from '../../results/load.ts';
import type { Leg } from '../legs.ts';

export interface GeneratorRun {
  leg: Leg;
  seconds: number;
  /** An existing directory for what it reads and writes. */
  workDir: string;
  signal: AbortSignal;
}

/** What a load generator measured of one leg. */
export interface Measurement {
  latenciesMs: number[];
  rateRps: number;
}

/** A load generator that is not ours, and not k6. */
export interface Generator {
  name: CrossCheck['generator'];
  /** @throws Error - it is not installed, or failed, or a call did: in a sentence */
  measure: (run: GeneratorRun) => Promise<Measurement>;
}

/** As k6's virtual users have: one connection each. */
export const connections = 10;

/** The same text as k6's calls have. */
export const callText = 'latency';
