/** The shape of run.json: the only thing reports see. Units end the names. Published as reports/run.schema.json. */

import type { ControlPlaneResult } from './control-plane.ts';
import type { HistoryEntry } from './history.ts';

import type { LoadResult } from './load.ts';
import type { OfficialResult } from './official.ts';

export type { LoadBlock, LoadFigure, LoadResult, LoadVariant } from './load.ts';

export const runSchemaVersion = 1;

export type Verdict = 'pass' | 'wrong' | 'slow' | 'unstable' | 'setup-failed' | 'not-run';

/** Layers in the order a call meets them. */
export const layers = [
  'apply',
  'status',
  'programmed',
  'connect',
  'tls',
  'http2',
  'routed',
  'backend',
  'trailers',
] as const;
export type Layer = (typeof layers)[number];

export type Support = 'core' | 'extended' | 'implementation-specific' | 'informational';

export interface Run {
  schemaVersion: typeof runSchemaVersion;
  command: 'conformance' | 'load' | 'official';
  /** RFC 3339, UTC. */
  startedAt: string;
  durationMs: number;
  /** Set when the run ended early: why. Everything that did run is still here. */
  aborted?: string;
  implementation: {
    name: string;
    version: string;
    controllerName: string;
    gatewayClass: string;
    supportedFeatures: string[];
    /** Who says so; absent where it is the GatewayClass. */
    featuresFrom?: '--supported-features';
  };
  cluster: {
    provider: string;
    name: string;
    kubernetesVersion: string;
    cpus: number;
    cpuModel: string;
    memoryBytes: number;
    /** How its addresses were dialled, where that was not directly. */
    reachedBy?: string;
    upMs?: number;
  };
  /** Component versions: routeproof, gatewayApi, envoy, k6, node, ... */
  versions: Record<string, string>;
  /** As installed, and the release whose clauses were judged. */
  gatewayApi: { version: string; channel: string; release?: string };
  profile: string;
  /** How often everything was run, where that was more than once. */
  repeat?: number;
  scenarios: ScenarioResult[];
  load: LoadResult[];
  /** Benchmarks of the control plane; absent where none ran, and in results of older versions. */
  controlPlane?: ControlPlaneResult[];
  /** Runs of the file that `--record` names, oldest first, this one last. */
  history?: HistoryEntry[];
  /** What the official conformance suite found; only of `routeproof official`. */
  official?: OfficialResult;
  totals: Record<Verdict, number> & { scenarios: number; clausesProven: number; clausesFailed: number };
}

/** A part of a scenario that failed, and for what. */
export interface ImpliedFinding {
  /** The inferred clauses that ask for it. */
  clauses: string[];
  verdict: Verdict;
  layer: Layer;
  /** One line each. */
  expected: string;
  seen: string;
}

export interface ScenarioResult {
  /** suite/name, e.g. `hostname/exact`. */
  id: string;
  suite: string;
  title: string;
  support: Support;
  features: string[];
  clauses: string[];
  verdict: Verdict;
  /** Why it does not apply, where it was left out for that; `seen` says more. */
  leftOut?: LeftOut;
  /** Why the implementation is known to fail it: told beside the verdict, which it leaves alone. */
  known?: string;
  /** Whether what was seen is told and no more, whatever the verdict: the spec only implies all clauses of it. */
  tier?: 'informational';
  /** Milliseconds after the run's start. */
  startedMs: number;
  durationMs: number;
  /** The layer at fault, on every verdict but pass. */
  layer?: Layer;
  /** One line each, on every verdict but pass. */
  expected?: string;
  seen?: string;
  /** What failed that nothing but inferred clauses ask for: told beside the verdict, which it leaves alone. */
  implied?: ImpliedFinding[];
  /** The shortest way to see it by hand. */
  repro?: Repro;
  /** What each run of it gave, in order, where everything was run more than once. */
  repeats?: Repetition[];
  /** How often it passed when it was run again after all others; of failures only. The verdict stays what it was. */
  rerun?: Rerun;
  /** What the same call gave elsewhere; of failures only. */
  comparisons?: Comparison[];
  /**
   * Lines about pods of its Gateways that were not ready when it failed, with the kubelet's last warning: a cluster that has no room for them
   * looks like a gateway that serves nothing. Absent where all were ready.
   */
  unreadyPods?: string[];
  timeline: TimelineEvent[];
  evidence: Evidence;
  /** Notes that are no verdict: an ambiguity of the spec, an observed dialect. */
  notes: string[];
}

export interface Repro {
  /** All objects as they were applied, namespaces first. */
  manifest: string;
  commands: string[];
  /** The command that applies the manifests of the folder BUNDLE; absent in results of older versions. */
  apply?: string;
  /** Files that the commands name, by name: certificates. */
  files?: Record<string, string>;
}

/** One of several runs of a scenario. */
export interface Repetition {
  verdict: Verdict;
  durationMs: number;
  layer?: Layer;
  seen?: string;
}

/** A failed scenario again, alone on the cluster, a number of times that was fixed beforehand. */
export interface Rerun {
  /** Those that ended in a verdict on the implementation. */
  runs: number;
  passed: number;
  /** 95 % confidence interval of the pass rate, from 0 to 1 (Wilson score). */
  low: number;
  high: number;
  /** Of every run, in order. */
  verdicts: Verdict[];
  /** Share of the time limits that each was given: with nothing beside it less will do. */
  limitsShare: number;
  /** Why there were fewer than planned. */
  stopped?: string;
}

/** The failed call in another place, to tell whose fault it is. */
export interface Comparison {
  /** Straight to the backend's pod, or through the same Gateway by an HTTPRoute with the same rule. */
  with: 'backend' | 'http-route';
  /** What came of it, in one line. */
  text: string;
  /** Whether it was as expected there; absent where nothing could be compared. */
  ok?: boolean;
  call?: CallRecord;
  /** The HTTPRoute, as YAML. */
  manifest?: string;
}

export interface TimelineEvent {
  /** Milliseconds after the scenario's start. */
  atMs: number;
  kind: 'apply' | 'status' | 'probe' | 'check' | 'event' | 'step';
  /** `Kind namespace/name` or the call's target. */
  object?: string;
  /** One line. */
  text: string;
  ok?: boolean;
  /** For runs of equal probes that were folded into one. */
  count?: number;
  untilMs?: number;
}

export interface Evidence {
  /** Objects with their status as they were before cleanup. */
  objects: unknown[];
  calls: CallRecord[];
  logs: { source: string; lines: string[] }[];
}

/** Both ends of one call. */
export interface CallRecord {
  atMs: number;
  target: string;
  /** Whether the client spoke TLS; absent in results of older versions. */
  tls?: boolean;
  authority: string;
  /** `package.Service/Method`. */
  method: string;
  durationMs: number;
  grpcStatus: number | null;
  grpcStatusName: string;
  grpcMessage: string;
  requestMetadata: [string, string][];
  responseHeaders: [string, string][];
  responseTrailers: [string, string][];
  /** What the backend says it received; absent when no backend answered. */
  backend?: {
    name: string;
    pod: string;
    authority: string;
    method: string;
    metadata: [string, string][];
    peer: string;
    tls: boolean;
  };
  /** A local error (connect refused, TLS alert, stream reset) in one line. */
  error?: string;
  /** Set on the call that the verdict is about, and on its repetition without a gRPC library. */
  role?: 'failed' | 'raw';
}

/**
 * What a scenario does not apply for: a feature nobody claims, another release, what a profile's product documents otherwise, CRDs that
 * are too old for it, or a cluster that may not be changed as it would change it.
 */
export type LeftOut = 'feature' | 'release' | 'profile' | 'crds' | 'cluster';
