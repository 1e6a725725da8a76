/** What the official conformance suite found, as it stands in run.json beside the scenarios. Units end the names. */

export interface OfficialResult {
  /** Release of Gateway API whose suite ran. */
  release: string;
  /** Conformance profiles that were asked for. */
  profiles: string[];
  /** Features that the suite was to test: those the class claims, of these profiles. */
  features: string[];
  /** Of these, the ones that no test relied on which ran: nothing is known there. */
  untestedFeatures: string[];
  /** The one test that was asked for; absent when all were. */
  runTest?: string;
  /** Until the first test: base manifests applied and ready. */
  setUpMs: number;
  /** From the suite's start to its end. */
  durationMs: number;
  tests: OfficialTest[];
  profileReports: OfficialProfileReport[];
  /** The suite's own ConformanceReport, as it wrote it; absent when it wrote none. */
  report?: string;
  /** The scenarios of routeproof on the same cluster and class. */
  comparison?: OfficialComparison;
}

export interface OfficialTest {
  /** The suite's short name. */
  name: string;
  verdict: 'pass' | 'wrong' | 'not-run';
  /** Whether it had to run: every feature that it needs is claimed. One that had to and did not is no pass. */
  due: boolean;
  durationMs: number;
  /** Features that it relies on, as it says itself; of a test that was not run, the first one that is not claimed. */
  features: string[];
  /** Subtests without subtests of their own; 1 for a test that has none, 0 for one that was not run. */
  checks: number;
  /** Why it was not run. */
  reason?: string;
  /** Subtests that failed. */
  failedChecks: string[];
  /** Last lines that it printed, of a failed test only. */
  output: string[];
}

export interface OfficialProfileReport {
  name: string;
  summary: string;
  core: OfficialCounts;
  extended?: OfficialCounts;
}

export interface OfficialCounts {
  result: 'success' | 'partial' | 'failure';
  passed: number;
  failed: number;
  skipped: number;
}

/** Both on one cluster, one after the other; set-up is left out of both. */
export interface OfficialComparison {
  official: OfficialPace;
  routeproof: OfficialPace;
}

export interface OfficialPace {
  /** Tests of the suite, scenarios of routeproof; of either only what ran. */
  tests: number;
  /** Innermost subtests of the suite; of the scenarios the checks and settled probes of their timelines. */
  checks: number;
  durationMs: number;
}
