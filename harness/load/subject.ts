import type { Side } from '../results/load.ts';
import type { Scenario } from '../specs/api.ts';
import type { Call } from '../rpc/call.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Leg, LoadCase } from './legs.ts';

export type Length = 'quick' | 'long';

export interface LoadPlan {
  rateRps: number;
  /** Measured blocks of each leg. */
  blocks: number;
  /** At least 1, as k6 demands of any duration. */
  blockSeconds: number;
  /** Before all blocks; at least 1. */
  warmupSeconds: number;
}

/** Where the sides are dialled. */
export interface Addresses {
  /** The backend's pod. */
  direct: string;
  /** The lean Envoy's Service; empty where it is not measured. */
  floor: string;
  /** The shared Gateway. */
  gateway: string;
}

/** A benchmark of calls: a script in suites/load of the same name, and what it needs. */
export interface LoadSubject {
  /** As --subject takes it. */
  name: string;
  title: string;
  sides: readonly Side[];
  plans: Record<Length, LoadPlan>;
  /** Default one, without a name. */
  cases?: Record<Length, readonly LoadCase[]>;
  /** What a latency is of; default a call. */
  timed?: 'call' | 'message';
  /** Whether what a case costs is told against the first case as well. */
  againstFirst?: boolean;
  /** Whether it is measured at the rate that a calibration finds, where none is given. */
  calibrated?: boolean;
  /** Whether it calls with TLS. */
  tls?: boolean;
  /** Whether its cases are rates, of which the highest that is held is a figure. */
  rising?: boolean;
  /** Whether its script measures all sides at once, for as long as all blocks take: they are slices of time then. */
  sliced?: boolean;
  /** Goes on beside the measurement until the signal. @returns what it did, in a sentence */
  during?: (t: Scenario, ended: AbortSignal) => Promise<string>;
  /** Its GRPCRoutes, all on the shared Gateway; default one rule for the host. Names are rewritten as a scenario's are. */
  routes?: (cases: readonly LoadCase[]) => KubeObject[];
  /** Of the case's calls, before it is rewritten; default loadHost. */
  host?: (of: LoadCase) => string;
  /** Of the case's calls, on every side. */
  metadata?: (of: LoadCase) => Record<string, string>;
  /** What is special about a leg. */
  leg?: (of: { side: Side; case: LoadCase }, addresses: Addresses) => Partial<Leg>;
  /** What a call of the case must have to be served, beside host and method; it is made before anything is measured. */
  call?: (of: LoadCase) => Partial<Call>;
}
