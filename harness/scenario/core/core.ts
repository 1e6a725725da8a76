import { setMaxListeners } from 'node:events';
import { given } from '../../../common/given.ts';
import type { CallRecord, Layer } from '../../results/run.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { RunEnv } from '../../env/run-env.ts';
import type { Target } from '../../rpc/target.ts';
import type { ScenarioMeta } from '../../specs/api.ts';
import type { Call, Expected } from '../../rpc/call.ts';
import { Channels } from '../../rpc/channels.ts';
import { keyOf } from '../../../common/object-key.ts';
import type { Backend, Furnished } from '../../env/furnished-namespaces.ts';
import { commonNamespace, Names } from '../../manifests/names.ts';
import { Timeline } from './timeline.ts';
import type { RouteproofVerdict } from './verdict.ts';

/** Calls kept as evidence: the first ones and the latest. */
const keptCalls = 60;

interface Written {
  uid: string | undefined;
  generation: number;
}

/** A call that the verdict is about, and where it went. */
export interface FailedCall {
  call: Call;
  target: Target;
  /** What it was to give; undefined when only the scenario's body knows. */
  expected: Expected | undefined;
}

/** What is told and no more: the clauses that ask for it, its verdict, and the calls that it is about. */
export interface Told {
  clauses: readonly string[];
  verdict: RouteproofVerdict;
  failedCall: FailedCall | undefined;
  records: [record: CallRecord, role: NonNullable<CallRecord['role']>][];
}

/** The state of one running scenario, shared by the parts that implement its API. */
export class ScenarioCore {
  readonly env: RunEnv;
  readonly meta: ScenarioMeta;
  /** Folder of the spec file. */
  readonly dir: string;
  readonly names: Names;
  readonly timeline: Timeline;
  /** Fires when the run is aborted, and when the scenario has ended. */
  readonly signal: AbortSignal;
  readonly #end = new AbortController();
  ended = false;
  /** Parts that failed which nothing but inferred clauses ask for, in order. */
  readonly told: Told[] = [];
  readonly channels = new Channels();
  readonly notes: string[] = [];
  readonly calls: CallRecord[] = [];
  readonly nonces: string[] = [];
  /** Objects as applied, in order, by kind and key: the repro's manifest. */
  readonly applied = new Map<string, KubeObject>();
  readonly namespaces = new Map<string, Promise<void>>();
  /** Of Gateways, as their statuses have told the scenario: some are hostnames. */
  readonly addresses = new Set<string>();
  /** What stands in its namespace since before it began. */
  readonly furnished: Furnished | undefined;
  /** Those that stand in its own namespace. */
  readonly backends: Backend[] = [];
  /** Whether it may have made objects that are not in `applied`. */
  untidy = false;
  readonly startedAt = new Date();
  /** The last call made, for the repro. */
  lastCall: { call: Call; target: Target } | undefined;
  /** The call that failed an expectation and so ended the scenario. */
  failedCall: FailedCall | undefined;
  #assertions = 0;
  /** Blamed when an assertion outside of check() fails: the layer looked at last. */
  lastLayer: Layer = 'apply';
  readonly #written = new Map<string, Written>();

  constructor(of: {
    env: RunEnv;
    meta: ScenarioMeta;
    dir: string;
    nonce: string;
    signal: AbortSignal;
    furnished?: Furnished | undefined;
  }) {
    this.env = of.env;
    this.meta = of.meta;
    this.dir = of.dir;
    this.signal = AbortSignal.any([of.signal, this.#end.signal]);
    // Every call in flight listens.
    setMaxListeners(0, this.signal);
    const { gatewayClass, controllerName, baseNamespace: base } = of.env;
    this.furnished = of.furnished;
    if (of.furnished !== undefined) this.namespaces.set(of.furnished.name, Promise.resolve());
    const own = of.furnished?.name ?? (this.#mayShare() ? commonNamespace(of.nonce) : undefined);
    this.names = new Names({
      id: of.meta.id,
      nonce: of.nonce,
      gatewayClass,
      controllerName,
      base,
      ...given({ own }),
    });
    this.timeline = new Timeline(of.env.clock);
  }

  /** Whether the next scenarios may use its namespace: it has backends there, and none elsewhere. */
  #mayShare(): boolean {
    const { backends = [] } = this.meta;
    return (
      this.env.furnished !== undefined &&
      backends.length > 0 &&
      backends.every((written) => !written.includes('/'))
    );
  }

  /** From now on nothing that the body still does counts, while its objects and channels are still there. */
  endBody(): void {
    this.ended = true;
  }

  /** Whatever waits is let go. */
  end(): void {
    this.endBody();
    this.#end.abort(new Error('the scenario has ended'));
    this.channels.close();
  }

  asserted(): void {
    this.#assertions += 1;
  }

  get assertions(): number {
    return this.#assertions;
  }

  keepCall(record: CallRecord): void {
    this.calls.push(record);
    if (this.calls.length > keptCalls) this.calls.splice(keptCalls / 2, 1);
  }

  /** Remembers what was written last, so that an older state from a watch is not taken for the answer to it. */
  wrote(object: KubeObject): void {
    this.#written.set(idOf(object), {
      uid: object.metadata?.uid,
      generation: object.metadata?.generation ?? 0,
    });
  }

  forget(object: KubeObject): void {
    this.#written.delete(idOf(object));
  }

  /** Whether `object` is at least as new as what this scenario has written. */
  isFresh(object: KubeObject): boolean {
    const written = this.#written.get(idOf(object));
    if (written === undefined) return true;
    return object.metadata?.uid === written.uid && (object.metadata?.generation ?? 0) >= written.generation;
  }

  /** Whether an object of that kind and key was applied and not removed. */
  hasApplied(kind: string, key: string): boolean {
    return this.applied.has(`${kind} ${key}`);
  }

  gateways(): KubeObject[] {
    return [...this.applied.values()].filter((object) => object.kind === 'Gateway');
  }
}

export function idOf(object: KubeObject): string {
  return `${object.kind ?? ''} ${keyOf(object)}`;
}
