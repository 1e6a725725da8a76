import { messageOf } from '../../common/errors.ts';
import type { FaultCatch, FaultResult } from '../results/faults.ts';
import type { ScenarioResult } from '../results/run.ts';
import { impliedFindings } from '../results/tier.ts';
import type { RunEnv } from '../env/run-env.ts';
import { Engine } from '../scenario/engine.ts';
import type { Registered } from '../specs/registry.ts';
import type { CrdFault } from './crds/crd-fault.ts';
import { plantOptions, withPlantedCrd } from '../crds/planted-crd.ts';
import { control, type FaultSpec } from './fault-spec.ts';
import { installFault, removeFault, type Planted } from './implementation.ts';
import { aimedAt, blamesLayerOf, catchesIn, faultNotRun, judgeFault } from './judge.ts';
import type { Lab } from './lab.ts';

/** The healthy gateway, which says of each scenario whether its verdict against a faulty one counts. */
export class Control {
  readonly #engine: Engine;
  readonly #env: RunEnv;
  readonly #lab: Lab;

  private constructor(lab: Lab, env: RunEnv, engine: Engine) {
    this.#lab = lab;
    this.#env = env;
    this.#engine = engine;
  }

  /** @param concurrency - of all faults together: it is to pass under the load that they will make */
  static async start(
    lab: Lab,
    scenarios: readonly Registered[],
    of: {
      concurrency: number;
      signal: AbortSignal;
      onResult: (result: ScenarioResult) => void;
      /** Default the image with faults, without one. */
      planted?: Planted;
    },
  ): Promise<Control> {
    const env = lab.envOf(control.name, await installFault(lab, control.name, of.planted));
    const { concurrency, onResult } = of;
    const engine = engineFor(scenarios, env, { concurrency, signal: of.signal, onResult });
    return new Control(lab, env, engine);
  }

  /** What scenarios run with against it. */
  get env(): RunEnv {
    return this.#env;
  }

  /** Runs these now, where they have not run yet. */
  async run(ids: readonly string[]): Promise<void> {
    this.#engine.startAll(ids);
    await this.#engine.settled();
  }

  /** Its result, run now if it has not been. */
  result(id: string): Promise<ScenarioResult> {
    return this.#engine.outcome(id);
  }

  async end(options: { namespaces: boolean }): Promise<void> {
    await this.#engine.settled();
    await cleanUp(this.#lab, control.name, this.#env, options.namespaces);
  }
}

export interface TrialOptions {
  control: Control;
  scenarios: readonly Registered[];
  concurrency: number;
  /** Whether namespaces have to go: the cluster lives on. */
  namespaces: boolean;
  signal: AbortSignal;
}

/** Installs the gateway with one fault and looks who notices: the scenarios aimed at it, then, if none does, all the others. */
export async function tryFault(lab: Lab, fault: FaultSpec, options: TrialOptions): Promise<FaultResult> {
  let env: RunEnv | undefined;
  try {
    return await attempt(fault, options, async () => {
      env = lab.envOf(fault.name, await installFault(lab, fault.name));
      return noticed(fault, env, options);
    });
  } finally {
    await cleanUp(lab, fault.name, env, options.namespaces);
  }
}

/** Against the healthy gateway, on a cluster whose CRD is wrong. No other fault may be tried at the same time. */
export function tryCrdFault(fault: CrdFault, options: TrialOptions): Promise<FaultResult> {
  const { control, scenarios, signal } = options;
  return attempt(fault, options, async () => {
    // What is to be known of the healthy cluster has to be asked before.
    const { aimed } = aimedAt(fault, withClauses(scenarios));
    await Promise.all(aimed.map(({ scenario }) => control.result(scenario.meta.id)));
    return withPlantedCrd(fault, plantOptions(control.env, signal), () =>
      noticedByAimed(fault, aimed, { env: control.env, options }),
    );
  });
}

/** Judges what `run` saw; whatever keeps it from seeing anything is the fault's reason for not having been run. */
async function attempt(
  fault: FaultSpec,
  { control, signal }: TrialOptions,
  run: () => Promise<ScenarioResult[]>,
): Promise<FaultResult> {
  const startMs = performance.now();
  const took = (): number => performance.now() - startMs;
  try {
    signal.throwIfAborted();
    const results = await run();
    return judgeFault(fault, results, { clauses: control.env.rules.clauses, durationMs: took() });
  } catch (error) {
    const reason = signal.aborted ? messageOf(signal.reason) : messageOf(error);
    return faultNotRun(fault, reason, took());
  }
}

interface Aimable {
  scenario: Registered;
  clauses: readonly string[];
}

function withClauses(scenarios: readonly Registered[]): Aimable[] {
  return scenarios.map((scenario) => ({ scenario, clauses: scenario.meta.clauses }));
}

async function runCounted(
  round: readonly Aimable[],
  env: RunEnv,
  options: TrialOptions,
): Promise<ScenarioResult[]> {
  const scenarios = round.map(({ scenario }) => scenario);
  return scenarios.length === 0 ? [] : counted(await runAll(scenarios, env, options), options.control);
}

async function noticed(fault: FaultSpec, env: RunEnv, options: TrialOptions): Promise<ScenarioResult[]> {
  const { aimed, others } = aimedAt(fault, withClauses(options.scenarios));
  const catches = (results: readonly ScenarioResult[]): FaultCatch[] =>
    catchesIn(fault, results, env.rules.clauses);
  const results = await noticedByAimed(fault, aimed, { env, options });
  if (catches(results).length > 0) return results;
  const run = (round: readonly Aimable[]): Promise<ScenarioResult[]> => runCounted(round, env, options);
  const more = await run(others);
  return [...results, ...(await redAgain({ round: others, came: more, red: catches(more) }, run))];
}

/** What came of the scenarios that are aimed at it: of the second time, where none blames a layer of the fault. */
async function noticedByAimed(
  fault: FaultSpec,
  aimed: readonly Aimable[],
  { env, options }: { env: RunEnv; options: TrialOptions },
): Promise<ScenarioResult[]> {
  const run = (round: readonly Aimable[]): Promise<ScenarioResult[]> => runCounted(round, env, options);
  const came = await run(aimed);
  const red = catchesIn(fault, came, env.rules.clauses);
  return blamesLayerOf(fault, red) ? came : redAgain({ round: aimed, came, red }, run);
}

/** What came of a round, the red ones tried once more: nothing says that they have to fail, or there, and on a busy machine one may. */
async function redAgain(
  { round, came, red }: { round: readonly Aimable[]; came: ScenarioResult[]; red: readonly FaultCatch[] },
  run: (round: readonly Aimable[]) => Promise<ScenarioResult[]>,
): Promise<ScenarioResult[]> {
  const ids = new Set(red.map(({ scenario }) => scenario));
  const again = await run(round.filter(({ scenario }) => ids.has(scenario.meta.id)));
  return [...came.filter(({ id }) => !ids.has(id)), ...again];
}

/** @param of.isEnough - a result after which the others need not be known: those that have not ended are `not-run` */
export async function runAll(
  scenarios: readonly Registered[],
  env: RunEnv,
  of: {
    concurrency: number;
    signal: AbortSignal;
    isEnough?: (result: ScenarioResult) => boolean;
    /** Start them as they stand, not the longest first. */
    inOrder?: boolean;
  },
): Promise<ScenarioResult[]> {
  const { concurrency, signal, isEnough = () => false } = of;
  const over = new AbortController();
  const engine = engineFor(scenarios, env, {
    concurrency,
    signal: AbortSignal.any([signal, over.signal]),
    onResult: (result) => {
      if (isEnough(result)) over.abort(new Error('enough is known'));
    },
  });
  if (of.inOrder === true) for (const { meta } of scenarios) void engine.outcome(meta.id);
  else engine.startAll();
  await engine.settled();
  signal.throwIfAborted();
  return [...engine.results.values()];
}

/** Whether all of it is as expected, also what is told and no more. */
export function holds(result: ScenarioResult): boolean {
  return result.verdict === 'pass' && impliedFindings(result).length === 0;
}

/** Leaves out scenarios that do not pass on the healthy gateway either. Those that passed here need not be asked about. */
async function counted(results: readonly ScenarioResult[], healthy: Control): Promise<ScenarioResult[]> {
  const kept = await Promise.all(
    results.map(async (result) => (holds(result) || holds(await healthy.result(result.id)) ? [result] : [])),
  );
  return kept.flat();
}

function engineFor(
  scenarios: readonly Registered[],
  env: RunEnv,
  of: { concurrency: number; signal: AbortSignal; onResult?: (result: ScenarioResult) => void },
): Engine {
  const { concurrency, onResult, signal } = of;
  const engine = new Engine(scenarios, { concurrency, repeat: 1, ...(onResult && { onResult }) });
  if (signal.aborted) engine.abort(messageOf(signal.reason));
  else signal.addEventListener('abort', () => engine.abort(messageOf(signal.reason)), { once: true });
  engine.use(env);
  return engine;
}

/**
 * A cluster that is gone needs no cleaning; anything else would have failed before. Namespaces of a cluster that ends soon stay, without
 * their Services: thousands of those would make every proxy start and every later Service slow.
 */
export async function cleanUp(
  lab: Lab,
  name: string,
  env: RunEnv | undefined,
  namespaces: boolean,
): Promise<void> {
  const { kube } = lab;
  const left = [...(env?.leftNamespaces ?? [])];
  const info = await kube.kindInfo('Namespace');
  const empty = (namespace: string): Promise<unknown>[] => [
    kube.send('DELETE', `/api/v1/namespaces/${namespace}/services`),
    kube.send('DELETE', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`),
  ];
  await Promise.allSettled([
    removeFault(kube, name, { namespace: namespaces }),
    ...left.flatMap((each) => (namespaces ? [kube.delete(info, undefined, each)] : empty(each))),
  ]);
}
