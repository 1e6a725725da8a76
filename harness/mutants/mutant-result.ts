import type { Mutant } from './mutant.ts';

export interface MutantResult {
  mutant: Mutant;
  /**
   * `unreached`: no scenario makes the healthy gateway come by. `no-difference`: whatever each scenario did, each status and each
   * resource comes out as without it. `not-tried`: could be noticed, and was not asked for. `stillborn`: that gateway does not start.
   * `not-run`: `seen` says why nothing is known.
   */
  outcome: 'caught' | 'survived' | 'unreached' | 'no-difference' | 'stillborn' | 'not-tried' | 'not-run';
  /** The first scenario that noticed twice in a row. */
  by?: string;
  /** What it saw, or why nothing is known. */
  seen?: string;
  durationMs: number;
  /** Scenarios whose objects come out otherwise when a recording of them is translated again; the first few. */
  affects?: string[];
}
