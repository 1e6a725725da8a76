/** The shape of faults.json: which planted faults the scenarios caught. Units end the names. */
import type { Layer, Verdict } from './run.ts';

export const faultsSchemaVersion = 2;

/** What a run and the record of all runs have in common. */
export interface FaultsResults {
  schemaVersion: typeof faultsSchemaVersion;
  command: 'faults';
  /** RFC 3339, UTC. */
  startedAt: string;
  durationMs: number;
  /** Set when the run ended early: why. */
  aborted?: string;
  /** Which faults it was about. A run has one; several runs merged have each of theirs, once. */
  parts: FaultsPart[];
  /** `startedAt` of an earlier run whose results were taken over. */
  resumed?: string;
  limitsScale: number;
  cluster: { provider: string; name: string };
  versions: Record<string, string>;
  faults: FaultResult[];
  /** Scenarios that failed on the healthy gateway: no verdict of theirs counts. */
  excluded: { scenario: string; verdict: Verdict; seen: string }[];
  /** Scenarios that do not apply to the healthy gateway. */
  leftOut: string[];
  /** Scenarios that no fault turned red. */
  idleScenarios: string[];
  /** Set when the official suite ran against the same faults. */
  official?: OfficialFaultsRun;
  totals: {
    faults: number;
    caught: number;
    unexplained: number;
    survived: number;
    notRun: number;
    /** Caught by a scenario that proves a violated clause, and blames a layer at which the fault is. */
    explained: number;
  };
}

export interface FaultsRun extends FaultsResults {
  /** Whether all faults of its parts and all scenarios were in it; only then do `idleScenarios` mean something. */
  complete: boolean;
}

/** docs/faults.json: of every fault what was found out last. */
export interface FaultsRecord extends FaultsResults {
  /** Whether of every fault something is known; they need not have been tried in one run. */
  allTried: boolean;
}

/** The faults of one release and channel, or every `of`th of those, from the `index`th on (from 1). */
export interface FaultsPart {
  release: string;
  channel: 'standard' | 'experimental';
  shard?: FaultsShard;
}

export interface FaultsShard {
  index: number;
  of: number;
}

export interface FaultResult {
  name: string;
  title: string;
  area: string;
  clauses: string[];
  layers: Layer[];
  reference?: string;
  /** `unexplained`: no catch is by a scenario that proves one of its clauses, and none blames one of its layers: it may be an accident. */
  outcome: 'caught' | 'unexplained' | 'survived' | 'not-run';
  /** Why it was not run. */
  reason?: string;
  /** Whether one of the catching scenarios proves a clause that the fault violates. */
  clauseNamed: boolean;
  /** Whether one of those blames a layer at which the fault is. */
  layerNamed: boolean;
  catches: FaultCatch[];
  /** How many scenarios ran against it. */
  scenarios: number;
  durationMs: number;
  /** RFC 3339, UTC: when the run began that found it out. Set where results of several runs stand together. */
  testedAt?: string;
  /** What the official suite made of it, where that was asked for. */
  official?: OfficialFaultResult;
}

export interface OfficialFaultsRun {
  release: string;
  profile: string;
  /** Tests that failed on the healthy gateway: no failure of theirs counts. */
  excluded: string[];
  caught: number;
  survived: number;
  notRun: number;
}

export interface OfficialFaultResult {
  outcome: 'caught' | 'survived' | 'not-run';
  /** Tests that failed: the suite is ended at the first one. */
  tests: string[];
  /** How many tests ended with a verdict. */
  ran: number;
  /**
   * `no-difference`: the suite did not run against it. With what the healthy gateway was given in the whole suite, a gateway with the
   * fault writes the same statuses and tells Envoy the same.
   */
  known?: 'no-difference';
  /** Why nothing is known. */
  reason?: string;
  durationMs: number;
}

/** Whether it is known what the official suite makes of it. */
export function isKnownOfficially({ official }: FaultResult): boolean {
  return official !== undefined && official.outcome !== 'not-run';
}

/** A scenario that passes on the healthy gateway and fails with the fault. */
export interface FaultCatch {
  scenario: string;
  verdict: Verdict;
  /** Set where it is told and no more: the scenario's part that failed stands for inferred clauses alone. */
  tier?: 'informational';
  layer: Layer;
  /** Neither is kept in docs/faults.json. */
  expected?: string;
  seen?: string;
}
