/** All that scenario files may use. See docs/writing-a-scenario.md. */
export { scenario } from './scenario/scenario.ts';
export { AssertionError, assert, expect } from './scenario/core/assertion-count.ts';
export { NotRun } from './scenario/core/not-run.ts';
export { editAt, type CrdEdit } from './crds/crd.ts';
export type { OpenStream, Ref, RouteOptions, Scenario, ScenarioMeta } from './specs/api.ts';
export type { Condition } from './wait/conditions.ts';
export type { Call, CallResult, Expected, HeldConnection, RawCall, RawResult } from './rpc/call.ts';
export type { CallRecord, Layer, Support, Verdict } from './results/run.ts';
export type { KubernetesObject } from '@kubernetes/client-node';
